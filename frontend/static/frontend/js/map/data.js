// The data of the map page: products, and the areas of rights.
//
// There are two implementations with the same methods: WholeData loads all products with all of
// their properties; PagedData (paged-data.js) an index, and the products that are displayed.

import { bounds } from "#geodata/js/geometry.js";
import { loadFeatures } from "#geodata/js/loader.js";
import { prepare } from "./filters.js";
import { choicesToRemove, computeResults } from "./results.js";

/** What both implementations have in common: products by code, and the areas of rights. */
export class MapData {
  /** In their order in the list; null until they are loaded. */
  products = null;
  /** {id, kind, geometry, box} of rights whose area is known; null until they are loaded. */
  areas = null;
  areasRequested = false;
  knownUnits;
  #areasUrl;
  #load;
  #byCode = new Map();

  /** load(url): returns a Promise of features, see loadFeatures(). knownUnits: see partition(). */
  constructor({ areasUrl, load, knownUnits }) {
    this.knownUnits = knownUnits;
    this.#areasUrl = areasUrl;
    this.#load = load;
  }

  /** To be called by loadProducts(). */
  setProducts(products) {
    this.products = products;
    this.#byCode = new Map(products.map((product) => [product.id, product]));
  }

  /** Load the areas once; after a LoadError they can be loaded again. */
  async loadAreas() {
    this.areasRequested = true;
    try {
      const features = await this.#load(this.#areasUrl);
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

/** All products as the API returns them, prepared for searching and filtering. */
export class WholeData extends MapData {
  /** Items that the list shows at first. */
  pageSize = 100;
  #url;
  #rights;
  #types;
  #load;

  /**
   * urls: {products, areas}; the products sorted by name: a collator for Vietnamese takes a browser
   * longer than all else here. rights, types: see prepare() in filters.js. knownUnits: see partition().
   */
  constructor({ urls, rights, types, knownUnits, load = loadFeatures }) {
    super({ areasUrl: urls.areas, load, knownUnits });
    this.#url = urls.products;
    this.#rights = rights;
    this.#types = types;
    this.#load = load;
  }

  /** Throws LoadError. */
  async loadProducts() {
    const features = await this.#load(this.#url);
    this.setProducts(features.map((feature) => prepare(feature, this.#rights, this.#types)));
  }

  /** Return the results of a state, see computeResults(); or, in PagedData, a Promise of them. */
  find(state) {
    return computeResults(this.products, state, { knownUnits: this.knownUnits });
  }

  /** Return the choices without which the state would match something, see choicesToRemove(). */
  blockingChoices(state) {
    return choicesToRemove(this.products, state, { knownUnits: this.knownUnits });
  }

  /**
   * Return the entries of the list, the products among them with all of their properties; or, in
   * PagedData, a Promise of them.
   */
  withDetails(entries) {
    return entries;
  }

  /**
   * Return {products, entries} among which suggestions are searched, beside the entries of the page;
   * or, in PagedData, a Promise of them. The products are sorted by name.
   */
  candidates(_text) {
    return { products: this.products ?? [], entries: [] };
  }
}
