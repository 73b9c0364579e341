// The script of the map page: makes the parts of the page from its elements, and starts them.

import { loadFeatures, loadOptional } from "#geodata/js/loader.js";
import { whenMapReady } from "#geodata/js/mapview/view.js";
import { makeCombobox } from "./map/combobox.js";
import { Controller } from "./map/controller.js";
import { makeChips, makeControls } from "./map/controls.js";
import { WholeData } from "./map/data.js";
import { choosesRight, FILTERS, registeredRights } from "./map/filters.js";
import { currentPosition } from "./map/geolocation.js";
import { highlightFrom } from "./map/highlight.js";
import { makeLayers } from "./map/layers.js";
import { makeNotice, Problems } from "./map/messages.js";
import { nearestShop, shopLabel } from "./map/nearest-shop.js";
import { makeOrderControl } from "./map/order-control.js";
import { PagedData } from "./map/paged-data.js";
import { Panel } from "./map/panel.js";
import { knownUnitsOf } from "./map/partition.js";
import { fillIn, unitLabel } from "./map/product-labels.js";
import { ProductMap } from "./map/product-map.js";
import { createItem, createProductView, createSpotView } from "./map/product-views.js";
import { ResultList } from "./map/result-list.js";
import { NO_RESULTS } from "./map/results.js";
import { showRightCard } from "./map/right-card.js";
import { SearchBox } from "./map/search-box.js";
import { makeSearchHere } from "./map/search-here.js";
import { takeOverItems } from "./map/served-list.js";
import { share } from "./map/share.js";
import { makeSheet, mapPadding } from "./map/sheet.js";
import { choices, keyOf, PARAMETERS } from "./map/state.js";
import { Store } from "./map/store.js";
import { entriesOf, pageFor, suggestionsFor } from "./map/suggest.js";
import { Timers, whenKnown, yieldToBrowser } from "./map/timers.js";
import { keepViewInUrl } from "./map/view-in-url.js";
import { loadPictogramShapes } from "./symbols.js";

const byId = (id) => document.getElementById(id);
const { dataset } = byId("map-page");
const texts = {
  ...JSON.parse(byId("texts").textContent),
  language: document.documentElement.lang,
  ratingMonths: Number(dataset.ratingMonths),
};
const index = JSON.parse(byId("index").textContent);
Object.assign(texts, {
  unitKinds: index.kinds,
  province: index.province,
  changedOn: index.changed,
  types: index.types,
  photos: index.photos,
  illustrations: index.illustrations,
});
const layerNames = JSON.parse(byId("layer-texts").textContent).names;
const knownUnits = knownUnitsOf(index[PARAMETERS.district]);
const entries = entriesOf(index, texts, layerNames);
const pages = {
  right: dataset.rightPage,
  producer: dataset.producerPage,
  record: dataset.recordPage,
};
const form = byId("filters");
const sheetBody = form.querySelector(".sheet-body");
// Where map-page.css shows a sheet.
const narrow = matchMedia("(max-width: 599px), (max-width: 959px) and (min-height: 501px)");

const store = new Store({ location, history });
// The only place that depends on the number of products (views/map.py).
const data = new (dataset.mode === "paged" ? PagedData : WholeData)({
  urls: {
    products: dataset.products,
    columns: dataset.columns,
    items: dataset.items,
    producers: dataset.producers,
    areas: dataset.protections,
  },
  rights: registeredRights(index[PARAMETERS.right]),
  types: index.types,
  texts,
  knownUnits,
});
const timers = new Timers();
let view = null;
let viewInUrl = null;
let showSearchHere = () => {};

// --- parts -----------------------------------------------------------------------------------

const sheet = makeSheet(form.querySelector(".sheet"), form.querySelector(".sheet-handle"), {
  texts,
  isNarrow: () => narrow.matches,
  onStop: setMapPadding,
});
const controls = makeControls(form, entries, texts);
const combobox = makeCombobox(
  { input: byId("q"), list: byId("suggestions"), status: byId("suggestions-count") },
  {
    texts,
    find: (text) =>
      whenKnown(data.candidates(text), ({ products, entries: more }) => {
        controls.addEntries(more);
        // The same list, if there are no more: the results of the last search in it are cached.
        const all = more.length > 0 ? [...entries, ...more] : entries;
        return suggestionsFor(all, products, text, texts);
      }),
    onChoose: chooseSuggestion,
  },
);
const searchBox = new SearchBox({
  input: byId("q"),
  clearButton: byId("clear-q"),
  combobox,
  timers,
  onSearch: (text) => controller.search(text),
});
const list = new ResultList(
  {
    count: byId("count"),
    chips: byId("chips"),
    activeFilters: byId("filters-active"),
    list: byId("results"),
    more: byId("more"),
  },
  {
    createItem: createListItem,
    pageSize: data.pageSize,
    withDetails: (products) => data.withDetails(products),
    takeOver: (products) =>
      controller.results.distances.size === 0 &&
      takeOverItems(byId("results"), products, {
        onOpen: (product) => controller.openProduct(product),
        onShowOnMap: (product) => controller.showOnMap(product),
      }),
    onProblem: (retry) => problems.set("list", texts.failed, retry),
  },
);
const panel = new Panel(
  {
    panel: byId("chosen"),
    content: byId("chosen").lastElementChild,
    backLabel: byId("back").lastElementChild,
    list: byId("results"),
    listParts: form.querySelectorAll(".tagline, .types, .sheet-head, .sheet-body"),
    skipLink: document.querySelector(".skip"),
  },
  {
    texts,
    createProduct: createDetails,
    createSpot: (products) =>
      createSpotView(byId("spot"), products, products.map(createListItem), texts),
  },
);
const map = new ProductMap({
  texts,
  knownUnits,
  getSelection: () => controller.selection,
  onUnplaced: showUnplaced,
  onOpenProduct: (product) => controller.openProduct(product),
  onOpenSpot: (product, options) => controller.openSpot(product, options),
});
const showOrder = makeOrderControl(byId("order"), (order) => controller.sortBy(order));
const problems = new Problems(byId("problem"));
const notify = makeNotice(byId("notice"), timers);
const controller = new Controller({
  store,
  data,
  texts,
  pages,
  knownUnits,
  parts: {
    controls,
    list,
    panel,
    searchBox,
    sheet,
    map,
    problems,
    timers,
    notify,
    showChips,
    showOrder,
    showDefaultView: () => viewInUrl?.showDefault(),
    setNear: (isOn) => byId("near").setAttribute("aria-pressed", String(isOn)),
    showRight({ code, ofGoods }) {
      byId("goods-note").hidden = !ofGoods;
      const row = index[PARAMETERS.right].find(([one]) => one === code);
      showRightCard(byId("right-card"), row, { texts, kinds: index.rights, page: pages.right });
    },
    scrollToResults() {
      if (byId("more-filters").hidden) sheetBody.scrollTop = 0;
    },
    locate: currentPosition,
    openPage,
  },
});

/** entry: a product, or {unit, name}: a heading for the products that are known only to it. */
function createListItem(entry) {
  if (entry.unit) {
    const textContent = fillIn(texts.known_to_unit, { unit: unitLabel(entry.name, texts) });
    const className = "list-heading";
    return Object.assign(document.createElement("li"), { className, textContent });
  }
  const product = entry;
  return createItem(byId("item"), product, texts, {
    onOpen: () => controller.openProduct(product),
    onShowOnMap: () => controller.showOnMap(product),
    metres: controller.results.distances.get(product),
  });
}

function createDetails(product) {
  const { sector, producer, producer_id } = product.properties;
  const view = createProductView(byId("product"), product, texts, {
    onShowOnMap: () => controller.showOnMap(product),
    metres: controller.results.distances.get(product),
    sector: sector && controls.nameOf("sector", sector),
    producerPage: producer && pageFor(pages.producer, producer_id, producer),
  });
  showNearestShop(view.querySelector("[data-field=shop]"), product);
  return view;
}

let shops = null;

/** Show how far the nearest place to buy is; without the sales points, nothing. */
async function showNearestShop(line, product) {
  shops ??= loadFeatures(byId("layers-panel").getAttribute("data-sales-points"));
  const found = nearestShop(
    { at: product.geometry?.coordinates, producerId: product.properties.producer_id },
    await shops.catch(() => {
      shops = null;
      return [];
    }),
  );
  line.textContent = found ? shopLabel(product, found, texts) : "";
  line.hidden = line.textContent === "";
}

function showChips(state) {
  showSearchHere();
  const chips = makeChips(state, controls.nameOf, texts, (key, value) => {
    controller.removeChoice(key, value);
    // The pressed chip is removed; the focus moves to the first of the others.
    (byId("chips").querySelector("button") ?? searchBox).focus({ preventScroll: true });
  });
  const filters = choices(state).filter(([key]) => key !== "query" && key !== "near");
  list.showChips(chips, filters.length);
}

/** Show how many products are not on the map; the line opens their list. */
function showUnplaced(products) {
  const line = byId("unplaced");
  line.hidden = products.length === 0;
  line.textContent = fillIn(texts.unplaced, { count: products.length });
  line.onclick = () => controller.openSpot(products[0], { isRing: false });
}

function chooseSuggestion(suggestion) {
  controller.chooseSuggestion(suggestion);
  // Otherwise the keyboard of a phone would stay open over the sheet.
  if (narrow.matches && document.activeElement === byId("q")) {
    byId("results").focus({ preventScroll: true });
  }
}

/** Open a page as a link does: outside of a frame that embeds the map too (<base target>). */
function openPage(address) {
  Object.assign(document.createElement("a"), { href: address }).click();
}

function setMapPadding() {
  if (!view) return;
  const [stop, windowHeight] = [sheet.stop(), innerHeight];
  view.setPadding(mapPadding({ isNarrow: narrow.matches, stop, windowHeight }));
}

function toggleFilters() {
  const isOpen = byId("more-filters").hidden;
  byId("more-filters").hidden = !isOpen;
  form.classList.toggle("is-filtering", isOpen);
  byId("filters-toggle").setAttribute("aria-expanded", String(isOpen));
  if (!isOpen) return;
  if (controller.results !== NO_RESULTS) controls.count(controller.results.counts);
  sheet.stop("full");
  sheetBody.scrollTop = 0;
}

// --- events ----------------------------------------------------------------------------------

form.addEventListener("input", ({ target }) => {
  if (target === byId("q")) return searchBox.onInput();
  const { name, value, type, checked } = target;
  const key = keyOf(name);
  if (FILTERS.includes(key)) controller.setFilter(key, value, type !== "checkbox" || checked);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  searchBox.submit();
  sheet.stopIfNarrow("half");
});
form.addEventListener("keydown", ({ key, target }) => {
  if (key !== "Escape") return;
  if (target === byId("q") && target.value) searchBox.clear();
  else if (panel.isOpen) controller.goBack();
});
byId("q").addEventListener("blur", () => store.endTyping());
highlightFrom(byId("results"), (code) => map.highlight(data.product(code) ?? null));
byId("near").addEventListener("click", () => controller.toggleNear());
byId("back").addEventListener("click", () => controller.goBack());
byId("filters-toggle").addEventListener("click", toggleFilters);
for (const button of form.querySelectorAll("[data-share]")) {
  button.addEventListener("click", async () => {
    const text = await share(document.title);
    if (text) notify(texts[text]);
  });
}
addEventListener("popstate", () => {
  const next = store.readAddress();
  const isMoved = next.view !== store.state.view;
  controller.change(next, "none");
  if (isMoved || !next.view) controller.whenFound(() => viewInUrl?.restore());
});
// The list continues when users have scrolled to its end.
new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && list.showMore(), {
  root: sheetBody,
}).observe(byId("more"));
addEventListener("beforeprint", () => list.showAll());
addEventListener("afterprint", () => list.showFirst());

// --- start -----------------------------------------------------------------------------------

/** Start the map in two tasks, so that a slow phone can answer input in between. */
async function startMap() {
  // The map can be used without its base map.
  const base = loadOptional(dataset.basemap);
  const shapes = loadPictogramShapes();
  view = await whenMapReady(dataset);
  setMapPadding();
  view.setControls([form.querySelector(".search"), byId("layers-toggle"), byId("unplaced")]);
  narrow.addEventListener("change", setMapPadding);
  viewInUrl = keepViewInUrl(
    view,
    byId("map"),
    {
      read: () => store.state.view,
      write: (text) => store.set({ ...store.state, view: text }, "replace"),
    },
    () => controller.defaultBox,
  );
  showSearchHere = makeSearchHere(byId("search-here"), view, {
    getState: () => store.state,
    onSearch: (box) => controller.searchIn(box),
  });
  await yieldToBrowser();
  await shapes;
  const layers = makeLayers(view, {
    unitTexts: { language: texts.language, unit: texts.unit, unitKinds: texts.unitKinds },
    onChange: (chosen) => controller.change({ ...store.state, ...chosen }),
    onProblem: (part, text, retry) => problems.set(part, text, retry),
  });
  controller.attachMap(view, layers);
  const loaded = await base;
  if (loaded) view.drawBase(loaded);
  byId("map-coming").remove();
}

startMap();
controller.loadProducts();
if (choosesRight(store.state)) controller.loadAreas();
controller.render();
// Text that was typed before this script ran.
if (byId("q").value.trim() !== store.state.query) searchBox.onInput();
