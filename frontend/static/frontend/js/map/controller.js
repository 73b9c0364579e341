// What happens on the map page: users change the state, data are loaded, and the parts of the page
// show both. This module has no access to the DOM; its parts have.

import { boundsOf } from "#geodata/js/geometry.js";
import { readBox, writeBox } from "./area.js";
import { ANY_GOODS_RIGHT, choosesRight } from "./filters.js";
import { partition } from "./partition.js";
import { fillIn } from "./product-labels.js";
import { countText, NO_RESULTS, productsAtSpot } from "./results.js";
import { ORDERS, orderOf } from "./sorting.js";
import {
  choices,
  LISTS,
  readPlace,
  sameChoices,
  withChoice,
  withoutChoice,
  withoutChoices,
  writePlace,
} from "./state.js";
import { pageFor } from "./suggest.js";
import { whenKnown } from "./timers.js";

// With the position of the user, this number of the nearest products is shown on the map.
const NEAREST = 3;
// Metres from the nearest product from which on the map does not move to the user.
const FAR = 100_000;
// Milliseconds without a letter after which the map moves to what a search has found.
const TYPING_PAUSE = 700;
const UNITS = { district: [], commune: [], oldCommune: [] };

/** Connects the store, the data and the parts of the page, see map-page.js. */
export class Controller {
  /** See computeResults(). */
  results = NO_RESULTS;
  #store;
  #data;
  #parts;
  #texts;
  #layers = null;
  #knownUnits;
  // Until the results of the present state have been loaded, a Promise that is never rejected.
  #pending = null;
  // Whether the map moves to the area of the chosen right as soon as both are there.
  #fitsArea;

  /**
   * parts: {controls, list, panel, searchBox, sheet, map (ProductMap), problems, timers, notify(text),
   * showChips(state), setNear(isOn), showOrder(order, {isSearch}), showRight({code, ofGoods}),
   * scrollToResults(), locate(), showDefaultView(), openPage(address)}. pages: addresses of pages, see pageFor().
   * knownUnits: see partition().
   */
  constructor({ store, data, texts, pages, parts, knownUnits = new Map() }) {
    this.#knownUnits = knownUnits;
    this.#store = store;
    this.#data = data;
    this.#texts = texts;
    this.#parts = { ...parts, pages };
    const { right, view } = store.state;
    this.#fitsArea = right !== "" && !view;
  }

  get #state() {
    return this.#store.state;
  }

  // --- state -------------------------------------------------------------------------------

  /** Set the state and show it; mode: see Store.set(). */
  change(next, mode = "push", options) {
    this.#show(this.#store.set(next, mode), { ...options, isRestored: mode === "none" });
  }

  /** Set other choices; the list replaces an open product. */
  select(next, mode) {
    this.#select(next, (state) => this.#store.set(state, mode));
  }

  /** Search while users type, see Store.setWhileTyping(). */
  search(text) {
    if (text === this.#state.query) return;
    this.#select({ ...this.#state, query: text }, (state) => this.#store.setWhileTyping(state));
  }

  #select(next, set) {
    this.#fitsArea ||= next.right !== this.#state.right;
    const previous = set({ ...next, product: "", spot: "" });
    this.#show(previous, { moveFocus: false });
    this.#parts.scrollToResults();
    this.#fitChosenArea();
    this.#fitResults(previous);
  }

  /**
   * Move the map to the results after the choice of a filter or search, unless users have moved it
   * since (the state has its view then). It does not follow the position of the user.
   */
  #fitResults(previous) {
    const { near, area, view, query } = this.#state;
    const isSame = sameChoices({ ...previous, near, area, sort: "" }, { ...this.#state, sort: "" });
    if (isSame || view || area || this.#fitsArea) return;
    // While users type, the map waits for the end of the word.
    const delay = query === previous.query ? 0 : TYPING_PAUSE;
    this.#parts.timers.start("fit", delay, () =>
      this.whenFound(() => {
        if (!this.#state.view) this.#parts.showDefaultView();
      }),
    );
  }

  /** Act once the results of the present state are there: now, or later unless it changes before. */
  whenFound(action) {
    const state = this.#state;
    whenKnown(this.#pending, () => {
      if (sameChoices(state, this.#state)) action();
    });
  }

  /** The box that shows the results on the map, or null for the whole province. */
  get defaultBox() {
    const state = this.#state;
    if (!this.#data.products || choices(state).length === 0) return null;
    if (state.area) return readBox(state.area);
    const drawn = this.#data.area(state.right);
    if (drawn) return drawn.box;
    const { located, units } = partition(this.results.matching, this.#knownUnits);
    const shown = [...positions(located), ...units.map(({ unit }) => unit.points[0])];
    return shown.length > 0 ? boundsOf(shown) : null;
  }

  /** Show the change from the previous state. */
  #show(previous, { moveFocus = true, isRestored = false }) {
    const state = this.#state;
    this.#layers?.restore(state);
    if (choosesRight(state)) this.loadAreas();
    if (!sameChoices(previous, state)) {
      this.#parts.map.closePopup();
      this.render();
    }
    if (previous.product === state.product && previous.spot === state.spot) return;
    this.#renderPanel({ moveFocus });
    this.#parts.map.draw();
    // A restored address has the position of the map.
    if (!isRestored) this.#revealSelection();
  }

  // --- actions -----------------------------------------------------------------------------

  setFilter(key, value, isOn) {
    const set = isOn ? withChoice : withoutChoice;
    this.select(set(this.#state, key, value));
  }

  /** Remove a choice; without arguments all of them. */
  removeChoice(key, value) {
    this.select(key ? withoutChoice(this.#state, key, value) : withoutChoices(this.#state));
  }

  openProduct(product) {
    const isAtSpot = this.#spotProducts().includes(product);
    const spot = isAtSpot ? this.#state.spot : "";
    this.change({ ...this.#state, product: product.id, spot });
  }

  /** Open all products at the spot of one; isRing: they have the focus on the map. */
  openSpot(product, { isRing }) {
    const next = { ...this.#state, spot: product.id, product: "" };
    this.change(next, "push", { moveFocus: !isRing });
  }

  /** Limit list and numbers to this part of the map: [west, south, east, north]. */
  searchIn(box) {
    this.select({ ...this.#state, area: writeBox(box) });
  }

  showOnMap(product) {
    this.openProduct(product);
    this.#parts.timers.cancel("fit");
    this.#parts.sheet.stopIfNarrow("half");
    this.#parts.map.goTo(product);
  }

  /** Close a product: back to its spot or to the list. */
  goBack() {
    const { product, spot } = this.#state;
    this.change({ ...this.#state, product: "", spot: product ? spot : "" });
  }

  /** suggestion: see suggestionsFor(). */
  chooseSuggestion(suggestion) {
    const { filter, value, label, box, isOnMap, count } = suggestion;
    const { searchBox, sheet, map, pages, openPage } = this.#parts;
    // The choice replaces the typed text in the history.
    const mode = this.#store.typingMode;
    const next = { ...this.#state, query: "" };
    searchBox.text = "";
    if (filter === "product") return this.change({ ...next, product: value, spot: "" }, mode);
    if (filter === "point") return this.#openPoint(suggestion, next, mode);
    if (filter === "place") return this.#openPlace(suggestion, next, mode);
    if (filter === "right" && !isOnMap) return openPage(pageFor(pages.right, value, label));
    if (filter === "producer" && !count) return openPage(pageFor(pages.producer, value, label));
    // Hardly any product is in two units: a unit replaces the others.
    const units = LISTS.includes(filter) ? UNITS : {};
    this.select(withChoice({ ...next, ...units }, filter, value), mode);
    sheet.stopIfNarrow("half");
    // The whole unit, also where it has a few products only.
    if (box) {
      this.#parts.timers.cancel("fit");
      map.fit(box);
    }
  }

  /** Show a feature of a layer of points on the map; without a point, open its page. */
  #openPoint({ layer, value, label, at }, next, mode) {
    const { map, pages, openPage, sheet } = this.#parts;
    if (!at || !this.#layers) return openPage(pageFor(pages.record, value, label));
    this.change({ ...next, ...this.#layers.withLayer(layer) }, mode);
    sheet.stopIfNarrow("half");
    map.fit([...at, ...at]);
    this.#layers.openPoint(layer, value);
  }

  /** Move the map to a named place; a name that leads to a record opens that. */
  #openPlace(place, next, mode) {
    const { at, box, label, record } = place;
    if (record) {
      const [layer, value] = record;
      return this.#openPoint({ layer, value, label, at }, next, mode);
    }
    this.change(next, mode);
    if (!this.#layers) return;
    this.#parts.sheet.stopIfNarrow("half");
    this.#parts.map.fit(box ?? [...at, ...at]);
    this.#layers.openPlace(place);
  }

  /** Sort the list; order: a key of ORDERS or "prominence". By distance needs the position. */
  async sortBy(order) {
    const { near } = this.#state;
    if (order === "distance" && !near) {
      await this.toggleNear();
      // The control shows the order again if the position is not known.
      this.render();
    } else {
      this.select({ ...this.#state, sort: order === "distance" ? "" : (ORDERS[order] ?? "") });
    }
  }

  /** Sort by the distance from the user, or stop doing so. */
  async toggleNear() {
    const { sheet, map, notify, locate } = this.#parts;
    if (this.#state.near) return this.removeChoice("near");
    notify(this.#texts.near_asking);
    try {
      const at = await locate();
      notify("");
      this.select(withChoice({ ...this.#state, sort: "" }, "near", writePlace(at)));
      sheet.stopIfNarrow("half");
      this.whenFound(() => {
        const { sorted, distances } = this.results;
        // Without results the map would move to the user, wherever that is.
        if (!(distances.get(sorted[0]) <= FAR)) return;
        map.fitPositions([at, ...positions(sorted.slice(0, NEAREST))]);
      });
    } catch (error) {
      notify(this.#texts[error.reason] ?? this.#texts.near_unavailable);
    }
  }

  // --- data --------------------------------------------------------------------------------

  async loadProducts() {
    const { list, searchBox } = this.#parts;
    // The list came with the page, but without the choices of the address.
    if (choices(this.#state).length) list.setCount(this.#texts.loading);
    try {
      await this.#data.loadProducts();
      this.render();
      searchBox.refreshSuggestions();
      this.#renderPanel({ moveFocus: false });
      this.#showFirstView();
    } catch (error) {
      list.resetCount();
      this.#parts.problems.set("products", this.#failure(error), () => this.loadProducts());
      this.#parts.sheet.stopIfNarrow("half");
    }
  }

  #failure({ reason }) {
    return this.#texts[reason] ?? this.#texts.failed;
  }

  /** Load the areas of rights, once. They are large, so only when a right is chosen. */
  async loadAreas() {
    if (this.#data.areasRequested) return;
    const { problems } = this.#parts;
    try {
      await this.#data.loadAreas();
      problems.set("areas");
      this.#renderArea();
      this.#fitChosenArea();
    } catch {
      problems.set("areas", this.#texts.area_failed, () => this.loadAreas());
    }
  }

  /** Draw on the map, which was loaded after the page. layers: see makeLayers(). */
  attachMap(view, layers) {
    this.#layers = layers;
    this.#parts.map.attach(view);
    layers.restore(this.#state);
    this.#renderMap();
    this.#renderArea();
    this.#fitChosenArea();
    this.#showFirstView();
  }

  /** Without a view in the address, the map shows the results, and what is open. */
  #showFirstView() {
    if (this.#state.view || !this.#data.products || !this.#layers) return;
    this.whenFound(() => {
      if (this.#state.view) return;
      if (this.defaultBox) this.#parts.showDefaultView();
      this.#revealSelection();
    });
  }

  // --- rendering ---------------------------------------------------------------------------

  /** Show the state and its results. */
  render() {
    const state = this.#state;
    const { controls, searchBox, showChips, setNear, showOrder } = this.#parts;
    controls.write(state);
    searchBox.write(state.query);
    setNear(state.near !== "");
    showOrder(orderOf(state), { isSearch: state.query.trim() !== "" });
    showChips(state);
    this.#renderArea();
    if (this.#data.products) this.#find(state);
  }

  /** Show the results of a state, at once if no request is needed. */
  #find(state) {
    const { list, problems } = this.#parts;
    // While they were loaded, users may have changed the state.
    const isCurrent = () => sameChoices(state, this.#state);
    const found = whenKnown(this.#data.find(state), (results) => {
      if (isCurrent()) this.#showResults(results);
    });
    this.#pending = null;
    if (!(found instanceof Promise)) return;
    list.setCount(this.#texts.loading);
    this.#pending = found.catch((error) => {
      if (!isCurrent()) return;
      list.setCount(this.#failure(error));
      problems.set("results", this.#failure(error), () => this.render());
    });
  }

  #showResults(results) {
    const { controls, list, problems, timers } = this.#parts;
    problems.set("results");
    problems.set("list");
    this.results = results;
    controls.count(results.counts);
    list.setCount(countText(results, this.#data.products, this.#texts));
    // In tasks of their own, so that the next letter does not wait for both.
    timers.start("list", 0, () => list.show(this.results.entries, () => this.#emptyText()));
    timers.start("map", 0, () => this.#renderMap());
  }

  /** Why the list is empty, and which choices to remove. */
  #emptyText() {
    const { products } = this.#data;
    const { controls } = this.#parts;
    if (products.length === 0) return this.#texts.empty;
    const names = this.#data
      .blockingChoices(this.#state)
      .map(([key, value]) => controls.nameOf(key, value));
    if (names.length === 0) return this.#texts.nothing;
    return `${this.#texts.nothing} ${fillIn(this.#texts.loosen, { names: names.join(", ") })}`;
  }

  #renderMap() {
    if (!this.#layers || !this.#data.products) return;
    this.#layers.setProducts(this.results.matching);
    this.#parts.map.setProducts(this.results.matching);
  }

  #renderArea() {
    const { right, rightKind } = this.#state;
    const area = this.#data.area(right);
    const isOne = choosesRight(this.#state);
    const ofGoods = isOne || right === ANY_GOODS_RIGHT || rightKind.length > 0;
    this.#parts.showRight({ code: isOne ? right : "", ofGoods });
    this.#parts.map.showArea(area?.geometry ?? null);
  }

  #fitChosenArea() {
    const area = this.#data.area(this.#state.right);
    if (!area || !this.#layers || !this.#fitsArea) return;
    this.#fitsArea = false;
    this.#parts.map.fit(area.box, { limitZoom: false });
  }

  #renderPanel({ moveFocus }) {
    if (!this.#data.products) return;
    const { notify, problems } = this.#parts;
    const state = this.#state;
    const product = this.#selectedProduct();
    if (state.product && !product) notify(this.#texts.product_gone);
    const spot = this.#spotProducts();
    const isCurrent = () =>
      state.product === this.#state.product && state.spot === this.#state.spot;
    const shown = whenKnown(this.#data.withDetails(product ? [product, ...spot] : spot), () => {
      if (isCurrent()) this.#showPanel({ product, spot, moveFocus });
    });
    if (!(shown instanceof Promise)) return;
    shown.catch((error) => {
      if (!isCurrent()) return;
      problems.set("panel", this.#failure(error), () => this.#renderPanel({ moveFocus }));
    });
  }

  #showPanel({ product, spot, moveFocus }) {
    const { panel, sheet, map, problems } = this.#parts;
    problems.set("panel");
    panel.show({ product, spot });
    if (panel.isOpen) sheet.stopIfNarrow("half");
    else map.closeRing();
    if (moveFocus) panel.focus();
  }

  #revealSelection() {
    this.#parts.map.reveal(this.#selectedProduct() ?? this.#data.product(this.#state.spot));
  }

  // --- selection ---------------------------------------------------------------------------

  /** {product, userPosition} for ProductMap. */
  get selection() {
    return { product: this.#selectedProduct(), userPosition: readPlace(this.#state.near) };
  }

  #selectedProduct() {
    return this.#data.product(this.#state.product);
  }

  #spotProducts() {
    return productsAtSpot(this.results, this.#data.product(this.#state.spot), this.#knownUnits);
  }
}

function positions(products) {
  return products.filter(({ geometry }) => geometry).map(({ geometry }) => geometry.coordinates);
}
