// The stops of a trip, with their records from the API.

import { loadFeatures } from "#geodata/js/loader.js";
import { partsOf } from "./fragment.js";

/** The features of the collections that trips contain. */
export class TripData {
  #urls;
  #load;
  #features = new Map();
  #requests = new Map();

  /**
   * urls: collection → URL of all its features. A request with the ids of a trip would inform the
   * server of the trip.
   */
  constructor({ urls, load = loadFeatures }) {
    this.#urls = urls;
    this.#load = load;
  }

  /** Load the collections of these keys, each once; returns the reason of a LoadError, or "". */
  async load(keys) {
    const collections = [...new Set(keys.map((key) => partsOf(key).collection))];
    const results = await Promise.allSettled(
      collections.filter((one) => this.#urls[one]).map((one) => this.#loadOne(one)),
    );
    return results.find(({ status }) => status === "rejected")?.reason.reason ?? "";
  }

  /**
   * Return the stops of the keys: {key, collection, id, state, feature, at}; state: "found", "gone"
   * (no such record is public), or "unknown" (not loaded). at: [lng, lat], or null without a point.
   */
  stops(keys) {
    return keys.map((key) => {
      const { collection, id } = partsOf(key);
      const features = this.#features.get(collection);
      const feature = features?.get(id) ?? null;
      const isLoaded = features || !this.#urls[collection];
      const state = feature ? "found" : isLoaded ? "gone" : "unknown";
      return { key, collection, id, state, feature, at: feature?.geometry?.coordinates ?? null };
    });
  }

  async #loadOne(collection) {
    if (this.#features.has(collection)) return;
    if (!this.#requests.has(collection)) {
      this.#requests.set(collection, this.#load(this.#urls[collection]));
    }
    try {
      const features = await this.#requests.get(collection);
      this.#features.set(collection, new Map(features.map((feature) => [feature.id, feature])));
    } finally {
      this.#requests.delete(collection);
    }
  }
}
