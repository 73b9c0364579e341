// The data of the map page: products, and the areas of rights.

import { bounds } from "#geodata/js/geometry.js";
import { loadFeatures } from "#geodata/js/loader.js";
import { prepare } from "./filters.js";

/** Products and areas as the API returns them, prepared for searching and filtering. */
export class MapData {
  /** Sorted by name; null until they are loaded. */
  products = null;
  /** {id, kind, geometry, box} of rights whose area is known; null until they are loaded. */
  areas = null;
  areasRequested = false;
  #urls;
  #rights;
  #types;
  #load;
  #byCode = new Map();

  /** urls: {products, areas}; rights, types: see prepare() in filters.js. */
  constructor({ urls, rights, types, load = loadFeatures }) {
    this.#urls = urls;
    this.#rights = rights;
    this.#types = types;
    this.#load = load;
  }

  /** Throws LoadError. */
  async loadProducts() {
    const features = await this.#load(this.#urls.products);
    const byName = new Intl.Collator("vi");
    this.products = features
      .map((feature) => prepare(feature, this.#rights, this.#types))
      .sort((a, b) => byName.compare(a.properties.name, b.properties.name));
    this.#byCode = new Map(this.products.map((product) => [product.id, product]));
  }

  /** Load the areas once; after a LoadError they can be loaded again. */
  async loadAreas() {
    this.areasRequested = true;
    try {
      const features = await this.#load(this.#urls.areas);
      this.areas = features
        .filter(({ geometry }) => geometry)
        .map(({ id, geometry, properties: { kind } }) => {
          return { id, kind, geometry, box: bounds(geometry) };
        });
    } catch (error) {
      this.areasRequested = false;
      throw error;
    }
  }

  product(code) {
    return this.#byCode.get(code);
  }

  area(id) {
    return this.areas?.find((area) => area.id === id);
  }
}
