// The data of the map page if there are too many products to load whole: an index of all products
// without their names, by which they are filtered, counted, drawn, limited to an area and sorted by
// distance and stars; the API searches texts, and returns the products that are displayed and what the
// other orders need.

import { fold } from "#geodata/js/fold.js";
import { loadFeatures, loadJson } from "#geodata/js/loader.js";
import { MapData } from "./data.js";
import { filterValues, prepare } from "./filters.js";
import { choicesToRemove, computeResults } from "./results.js";
import { orderOf } from "./sorting.js";
import { MIN_LENGTH, producerEntry } from "./suggest.js";
import { yieldToBrowser } from "./timers.js";

// Products that are made from the index in one task.
const SLICE = 500;
// Characters of codes in one request: the API accepts filters of 2,000 characters.
const MAX_CODES = 1_800;
// Products, and producers, among which suggestions are chosen.
const CANDIDATES = 12;

/** See data.js. */
export class PagedData extends MapData {
  pageSize = 50;
  #urls;
  #rights;
  #types;
  #texts;
  #load;
  #loadFeatures;
  // The products of the last search that the API returned.
  #searched = { query: "", products: [] };
  // The products by name, and whether they have the last day of their rating: once it is needed.
  #byName = null;
  #hasRatedTo = false;

  /**
   * urls: {columns, items, producers, areas}, addresses of the API. rights, types: see prepare() in
   * filters.js. knownUnits: see partition(). load: see loadJson(); loadAll: see loadFeatures().
   */
  constructor({ urls, rights, types, texts, knownUnits, load = loadJson, loadAll = loadFeatures }) {
    super({ areasUrl: urls.areas, load: loadAll, knownUnits });
    this.#urls = urls;
    this.#rights = rights;
    this.#types = types;
    this.#texts = texts;
    this.#load = load;
    this.#loadFeatures = loadAll;
  }

  /** Throws LoadError. */
  async loadProducts() {
    const products = [];
    for (const product of readColumns(await this.#load(this.#urls.columns))) {
      const { properties } = product;
      // Until its own name is loaded, a marker has that of its type.
      properties.name = this.#types[properties.type]?.[0] ?? this.#texts.product;
      product.values = filterValues(properties, this.#rights);
      // The order of the columns.
      product.prominence = products.length;
      products.push(product);
      if (products.length % SLICE === 0) await yieldToBrowser();
    }
    this.setProducts(products);
  }

  find(state) {
    const { query } = state;
    const loading = this.#isSearched(query) ? this.#loadOrder(orderOf(state)) : this.#search(query);
    if (loading) return loading.then(() => this.find(state));
    return computeResults(this.products, state, {
      find: this.#found,
      knownUnits: this.knownUnits,
      byName: this.#byName ?? [],
    });
  }

  blockingChoices(state) {
    return choicesToRemove(this.products, state, {
      find: this.#found,
      knownUnits: this.knownUnits,
    });
  }

  /** Rejected with LoadError. */
  withDetails(entries) {
    // Headings have no code.
    const missing = entries.filter(({ id, hasDetails }) => id && !hasDetails);
    if (missing.length === 0) return entries;
    return Promise.all(groupsOf(missing).map((group) => this.#loadDetails(group))).then(
      () => entries,
    );
  }

  async candidates(text) {
    if (fold(text).length < MIN_LENGTH) return { products: [], entries: [] };
    const query = new URLSearchParams({ q: text, limit: CANDIDATES });
    const [products, producers] = await Promise.all(
      [this.#urls.items, this.#urls.producers].map((url) => this.#load(`${url}?${query}`)),
    );
    return {
      products: products.features.map((one) => prepare(one, this.#rights, this.#types)),
      entries: producers.features.map(({ properties: { id, name, products: count } }) =>
        producerEntry([id, name, count], this.#texts),
      ),
    };
  }

  /** Those of the products that a query finds, as search() returns them; see #isSearched(). */
  #found = (products, query) => {
    if (query === "") return products;
    if (products === this.products) return this.#searched.products;
    const among = new Set(products);
    return this.#searched.products.filter((product) => among.has(product));
  };

  #isSearched(query) {
    return query === "" || query === this.#searched.query;
  }

  async #search(query) {
    const url = `${this.#urls.columns}?${new URLSearchParams({ q: query, properties: "code" })}`;
    const { ids } = await this.#load(url);
    this.#searched = { query, products: this.#productsOf(ids) };
  }

  /** Return a Promise if an order needs more than the index, else null. */
  #loadOrder(order) {
    if (order === "name" && !this.#byName) return this.#loadByName();
    if (order === "expiry" && !this.#hasRatedTo) return this.#loadRatedTo();
    return null;
  }

  async #loadByName() {
    const { ids } = await this.#load(`${this.#urls.columns}?sortby=name&properties=code`);
    this.#byName = this.#productsOf(ids);
  }

  async #loadRatedTo() {
    const found = await this.#load(`${this.#urls.columns}?properties=rated_to`);
    for (const { id, properties } of readColumns(found)) {
      const product = this.product(id);
      if (product) product.properties.rated_to = properties.rated_to;
    }
    this.#hasRatedTo = true;
  }

  /** The products of the index with these codes. */
  #productsOf(codes) {
    return codes.map((code) => this.product(code)).filter(Boolean);
  }

  async #loadDetails(products) {
    const codes = products.map(({ id }) => `'${id}'`).join();
    const query = new URLSearchParams({ filter: `code IN (${codes})`, limit: products.length });
    for (const { id, properties } of await this.#loadFeatures(`${this.#urls.items}?${query}`)) {
      Object.assign(this.product(id).properties, properties);
    }
    for (const product of products) product.hasDetails = true;
  }
}

/** Yield the products {id, geometry, properties} of the columns of the API (geodata/ogc/columns.py). */
export function* readColumns({ ids, x, y, scale, origin: [west, south], properties }) {
  const columns = Object.entries(properties).map(([name, { values, rows, same_rows_as }]) => {
    return [name, values, rows ?? properties[same_rows_as].rows];
  });
  for (const [i, id] of ids.entries()) {
    const product = { id, geometry: null, properties: { code: id } };
    for (const [name, values, rows] of columns) product.properties[name] = values[rows[i]];
    if (x[i] !== null) {
      const coordinates = [west + x[i] / scale, south + y[i] / scale];
      product.geometry = { type: "Point", coordinates };
    }
    yield product;
  }
}

/** Return the products in groups whose codes fit into one request. */
export function groupsOf(products) {
  const groups = [];
  let characters = MAX_CODES;
  for (const product of products) {
    characters += product.id.length + 3;
    if (characters > MAX_CODES) {
      groups.push([]);
      characters = product.id.length + 3;
    }
    groups.at(-1).push(product);
  }
  return groups;
}
