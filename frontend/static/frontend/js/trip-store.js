// The trip that is stored on this device, and nowhere else.

import { MAX_STOPS, readTrip, writeTrip } from "./trip/fragment.js";

const STORAGE_KEY = "trip";
// Dispatched in the tab that changed the trip; the others get a storage event.
const CHANGED = "trip-changed";

/**
 * The keys of the stops in their order. Changes return "" or why nothing was changed: "full" (there
 * are MAX_STOPS) or "refused" (the browser does not store, or has no space left).
 */
export class TripStore {
  #getStorage;
  #target;
  #text = null;
  #keys = [];

  /** getStorage(): a Storage, or throws if the browser refuses it; target: of events, the window. */
  constructor({ getStorage = () => localStorage, target = globalThis } = {}) {
    this.#getStorage = getStorage;
    this.#target = target;
  }

  get keys() {
    const text = this.#read();
    if (text !== this.#text) {
      this.#text = text;
      this.#keys = readTrip(text)?.keys ?? [];
    }
    return this.#keys;
  }

  has(key) {
    return this.keys.includes(key);
  }

  add(key) {
    return this.addAll([key]);
  }

  /** Add several at the end; if there is no room for all of them, none is added. */
  addAll(added) {
    const keys = [...new Set([...this.keys, ...added])];
    return keys.length > MAX_STOPS ? "full" : this.set(keys);
  }

  remove(key) {
    return this.set(this.keys.filter((one) => one !== key));
  }

  set(keys) {
    try {
      const storage = this.#getStorage();
      if (keys.length > 0) storage.setItem(STORAGE_KEY, writeTrip(keys));
      else storage.removeItem(STORAGE_KEY);
    } catch {
      return "refused";
    }
    this.#target.dispatchEvent(new Event(CHANGED));
    return "";
  }

  /** Call back after each change, in this tab or another one. */
  onChange(callback) {
    this.#target.addEventListener(CHANGED, callback);
    this.#target.addEventListener("storage", ({ key }) => {
      // The key is null if everything was removed.
      if (key === STORAGE_KEY || key === null) callback();
    });
  }

  #read() {
    try {
      return this.#getStorage().getItem(STORAGE_KEY) ?? "";
    } catch {
      return "";
    }
  }
}
