// What happens on the map page: users change the state, data are loaded, and the parts of the page
// show both. This module has no access to the DOM; its parts have.

import { ANY_GOODS_RIGHT, choosesRight } from "./filters.js";
import { fillIn } from "./product-labels.js";
import { countText, NO_RESULTS, productsAtSpot } from "./results.js";
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
  // Whether the map moves to the area of the chosen right as soon as both are there.
  #fitsArea;

  /**
   * parts: {controls, list, panel, searchBox, sheet, map (ProductMap), problems, timers, notify(text),
   * showChips(state), setNear(isOn), setNotes({area, kind}), scrollToResults(), locate(),
   * openPage(address)}. pages: addresses of pages, see pageFor().
   * knownUnits: see partition().
   */
  constructor({ store, data, texts, pages, parts, knownUnits }) {
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
    this.#show(set({ ...next, product: "", spot: "" }), { moveFocus: false });
    this.#parts.scrollToResults();
    this.#fitChosenArea();
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

  showOnMap(product) {
    this.openProduct(product);
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
    if (box) map.fit(box);
    else if (filter === "producer") map.fitPositions(positions(this.results.matching));
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

  /** Sort by the distance from the user, or stop doing so. */
  async toggleNear() {
    const { sheet, map, notify, locate } = this.#parts;
    if (this.#state.near) return this.removeChoice("near");
    notify(this.#texts.near_asking);
    try {
      const at = await locate();
      notify("");
      this.select(withChoice(this.#state, "near", writePlace(at)));
      sheet.stopIfNarrow("half");
      const { sorted, distances } = this.results;
      if (distances.get(sorted[0]) > FAR) return;
      map.fitPositions([at, ...positions(sorted.slice(0, NEAREST))]);
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
      if (!this.#state.view) this.#revealSelection();
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
    if (!this.#state.view) this.#revealSelection();
  }

  // --- rendering ---------------------------------------------------------------------------

  /** Show the state and its results. */
  render() {
    const state = this.#state;
    const { controls, searchBox, showChips, setNear } = this.#parts;
    controls.write(state);
    searchBox.write(state.query);
    setNear(state.near !== "");
    showChips(state);
    this.#renderArea();
    if (this.#data.products) this.#find(state);
  }

  /** Show the results of a state, at once if no request is needed. */
  #find(state) {
    const { list, problems } = this.#parts;
    const found = whenKnown(this.#data.find(state), (results) => {
      // While they were loaded, users may have changed the state.
      if (sameChoices(state, this.#state)) this.#showResults(results);
    });
    if (!(found instanceof Promise)) return;
    list.setCount(this.#texts.loading);
    found.then(
      () => problems.set("results"),
      (error) => problems.set("results", this.#failure(error), () => this.render()),
    );
  }

  #showResults(results) {
    const { controls, list, timers } = this.#parts;
    this.results = results;
    controls.count(results.counts);
    list.setCount(countText(results, this.#data.products, this.#texts));
    // In tasks of their own, so that the next letter does not wait for both.
    timers.start("list", 0, () => list.show(this.results.sorted, () => this.#emptyText()));
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
    const shown = whenKnown(this.#data.withDetails(product ? [product, ...spot] : spot), () => {
      const isCurrent = state.product === this.#state.product && state.spot === this.#state.spot;
      if (isCurrent) this.#showPanel({ product, spot, moveFocus });
    });
    if (!(shown instanceof Promise)) return;
    shown.then(
      () => problems.set("panel"),
      (error) =>
        problems.set("panel", this.#failure(error), () => this.#renderPanel({ moveFocus })),
    );
  }

  #showPanel({ product, spot, moveFocus }) {
    const { panel, sheet, map } = this.#parts;
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
