// The map page: what people choose, the products that fit, and these in the list and on the map.

import { bounds } from "#geodata/js/geometry.js";
import { loadFeatures, loadOptional } from "#geodata/js/loader.js";
import { whenMapReady } from "#geodata/js/mapview/view.js";
import { buildIndex, inView, members, zoomToSplit } from "./clusters.js";
import { chipsOf, makeControls } from "./controls.js";
import {
  ANY_PROTECTION,
  choose,
  FILTERS,
  kindsByName,
  prepare,
  standIn,
  whatToLoosen,
} from "./filters.js";
import { keepPosition } from "./keep-view.js";
import { makeLayers } from "./layers.js";
import { listItem, productView, spotView } from "./list.js";
import { byDistance, metresBetween, whereAmI } from "./near.js";
import { share } from "./share.js";
import { makeSheet } from "./sheet.js";
import { cluster, marker } from "./signs.js";
import {
  choices,
  LISTS,
  readPlace,
  readState,
  sameChoices,
  withChoice,
  without,
  withoutChoices,
  writePlace,
  writeState,
} from "./state.js";
import { entriesOf, makeCombobox, pageFor, suggestionsFor } from "./suggest.js";
import { fill, markerName } from "./words.js";

// So many items stand in the list before people ask for more.
const PAGE = 100;
// Near enough to see the villages around a product.
const PLACE_ZOOM = 12;
// What stands so many metres apart stands on one spot.
const SPOT = 30;
// So many on one spot are fanned out; of more there is the list alone.
const FANNED = 12;
// So many products nearest to people are brought into view with them.
const NEAREST = 3;
// Metres from which on people are elsewhere.
const FAR = 100_000;
// Milliseconds between the last letter and the search for it.
const TYPING = 120;
// So many products are compared with the areas of rights before the browser gets its turn.
const SLICE = 1_000;
const narrow = matchMedia("(max-width: 959px)");
// What the search covers of a phone's map, and a sheet that is down, in pixels.
const COVERED = { top: 72, right: 8, left: 8 };
const PEEK = 136;
const FREE = { top: 12, right: 12, bottom: 12, left: 12 };

const $ = (id) => document.getElementById(id);
const { dataset } = $("map-page");
const language = document.documentElement.lang;
const texts = { ...JSON.parse($("texts").textContent), language };
const index = JSON.parse($("index").textContent);
const entries = entriesOf(index, texts);
const form = $("filters");
const byName = new Intl.Collator("vi");

let state = readState(location.search);
let products = null;
let byCode = new Map();
let matching = [];
let listed = [];
let metres = new Map();
let clusters = null;
let areas = null;
let areasAsked = false;
let view = null;
let layers = null;
let position = null;
// Whether people wait for the map to go to the area that they chose.
let areaWanted = state["bao-ho"] !== "" && !state["ban-do"];
let shown = PAGE;
let typing = false;
// The search that the box last stood for.
let searched = "";
let opened = "";
const timers = {};
const problems = new Map();
const firstCount = $("count").textContent;

const sheet = makeSheet(
  form.querySelector(".sheet"),
  form.querySelector(".sheet-handle"),
  texts,
  pad,
);
const controls = makeControls(form, entries, texts);
const combobox = makeCombobox(
  { input: $("q"), list: $("suggestions"), status: $("suggestions-count") },
  {
    texts,
    find: (asked) => suggestionsFor(entries, products ?? [], asked, texts),
    onChoose: chooseSuggestion,
  },
);

// --- what is shown ---------------------------------------------------------------------------

function render() {
  controls.write(state);
  // Only what came from elsewhere: whoever types while the products come loses no letter.
  if (state.q !== searched) {
    searched = state.q;
    $("q").value = state.q;
  }
  $("clear-q").hidden = $("q").value === "";
  $("near").setAttribute("aria-pressed", String(state.gan !== ""));
  renderChips();
  renderArea();
  if (!products) return;
  const chosen = choose(products, state);
  matching = chosen.matching;
  controls.count(chosen.counts);
  const from = readPlace(state.gan);
  ({ sorted: listed, metres } = from
    ? byDistance(matching, from)
    : { sorted: matching, metres: new Map() });
  renderCount();
  shown = PAGE;
  // Each in a task of its own, so that the next letter need not wait for all of them.
  later("list", 0, renderList);
  later("map", 0, renderMap);
}

function renderCount() {
  const counted = { count: matching.length, all: products.length };
  const text = counted.count === counted.all ? texts.count_all : texts.count_some;
  $("count").textContent =
    needsAreas() && !areas && areasAsked ? texts.loading : fill(text, counted);
}

function renderList() {
  $("results").replaceChildren(...listed.slice(0, shown).map(item));
  $("more").hidden = listed.length <= shown;
  if (listed.length > 0) return;
  const nothing = document.createElement("li");
  nothing.className = "nothing";
  nothing.textContent = products.length ? texts.nothing : texts.empty;
  const names = whatToLoosen(products, state, choices(state), without).map((choice) =>
    controls.nameOf(...choice),
  );
  if (names.length) nothing.append(` ${fill(texts.loosen, { names: names.join(", ") })}`);
  $("results").append(nothing);
}

function item(product) {
  const does = { onOpen: openProduct, onShow: showOnMap, metres: metres.get(product) };
  return listItem($("item"), product, texts, does);
}

function renderChips() {
  const chips = chipsOf(state, controls.nameOf, texts, (name, value) => {
    select(name ? without(state, name, value) : withoutChoices(state));
    // The chip is gone; whoever pressed it with a key goes on from the next.
    ($("chips").querySelector("button") ?? $("q")).focus({ preventScroll: true });
  });
  $("chips").hidden = chips.length === 0;
  $("chips").replaceChildren(...chips);
  const filters = choices(state).filter(([name]) => name !== "q" && name !== "gan").length;
  $("filters-active").textContent = filters ? `(${filters})` : "";
}

function renderArea() {
  const area = areas?.find(({ id }) => id === state["bao-ho"]);
  $("area-note").hidden = !area;
  $("kind-note").hidden = state["loai-bao-ho"].length === 0;
  view?.showArea(area?.geometry ?? null);
}

// --- the map ---------------------------------------------------------------------------------

function renderMap() {
  if (!layers || !products) return;
  layers.show(matching);
  clusters = buildIndex(matching, view.maxZoom);
  renderPlaces();
}

function renderPlaces() {
  if (!clusters) return;
  const chosen = byCode.get(state.chon);
  const places = inView(clusters, view.bounds, view.zoom)
    .filter(({ product }) => !product || product !== chosen)
    .map(place);
  // Also out of a cluster, and whatever else is filtered: it is what the panel speaks of.
  if (chosen?.geometry) {
    const alone = place({ at: chosen.geometry.coordinates, product: chosen });
    places.push({ ...alone, front: true, selected: true });
  }
  const from = readPlace(state.gan);
  if (from) places.push({ key: `me ${state.gan}`, at: from, element: me, label: texts.near_me });
  view.showPlaces(places);
}

function place({ at, product, id, count, groups }) {
  if (product) {
    const { properties } = product;
    const isProtected = Boolean(properties.protections);
    const inexact = properties.position === "commune";
    const element = () => marker({ group: properties.category_code, inexact, isProtected });
    const key = `${product.id} ${isProtected}`;
    const label = markerName(properties, texts);
    return { key, at, element, label, onSelect: () => openProduct(product) };
  }
  const key = `${id} ${count} ${Object.entries(groups)}`;
  return {
    key,
    at,
    element: () => cluster(count, groups),
    label: fill(texts.cluster, { count }),
    front: true,
    onSelect: () => openCluster(id, at, key),
  };
}

function me() {
  return Object.assign(document.createElement("span"), { className: "me" });
}

function openCluster(id, at, key) {
  const zoom = zoomToSplit(clusters, id);
  if (zoom <= view.maxZoom) return view.goTo(at, zoom);
  const together = members(clusters, id);
  const places =
    together.length <= FANNED ? together.map((one) => place({ at, product: one })) : [];
  if (places.length) view.openRing(at, key, places);
  // Who opens a ring with a key goes on in it.
  const moveFocus = places.length === 0;
  change({ ...state, diem: together[0].id, chon: "" }, "pushState", { moveFocus });
}

function showOnMap(product) {
  openProduct(product);
  if (narrow.matches) sheet.stop("half");
  view?.goTo(product.geometry.coordinates, PLACE_ZOOM);
}

/** Tell the map what the sheet covers of it. */
function pad() {
  if (!view) return;
  const covered = sheet.stop() === "peek" ? PEEK : innerHeight / 2;
  view.setPadding(narrow.matches ? { ...COVERED, bottom: covered + 12 } : FREE);
}

// --- the panel: the list, one product, or several on one spot ----------------------------------

function renderPanel({ moveFocus }) {
  if (!products) return;
  const product = byCode.get(state.chon);
  const spot = onSpot(state.diem);
  const isOpen = Boolean(product) || spot.length > 0;
  // Who comes back from a product goes on from where they left.
  const left = product ? "" : opened;
  opened = product?.id ?? "";
  if (state.chon && !product) say(texts.product_gone);
  const shows = product
    ? detail(product)
    : isOpen && spotView($("spot"), spot, spot.map(item), texts);
  $("chosen").lastElementChild.replaceChildren(shows || "");
  $("back").lastElementChild.textContent =
    product && spot.length > 0
      ? fill(texts.back_to_spot, { count: spot.length })
      : texts.back_to_list;
  $("chosen").hidden = !isOpen;
  for (const part of form.querySelectorAll(".sheet-head, .groups, .sheet-body")) {
    part.hidden = isOpen;
  }
  document.querySelector(".skip").hash = isOpen ? "#chosen" : "#results";
  if (isOpen && narrow.matches) sheet.stop("half");
  if (!isOpen) view?.closeRing();
  if (!moveFocus) return;
  const place = isOpen ? $("chosen") : $("results");
  const target = left && place.querySelector(`[data-code="${left}"] a`);
  (target || place.querySelector("h2") || place).focus({ preventScroll: !left });
}

function detail(product) {
  const { sector, producer, producer_id } = product.properties;
  const box = form.querySelector(`input[name="nganh"][value="${sector}"]`);
  return productView($("product"), product, texts, {
    onShow: showOnMap,
    metres: metres.get(product),
    sector: sector && box.parentElement.querySelector(".option-name").textContent,
    producerPage: producer && pageFor(dataset.producerPage, producer_id, producer),
  });
}

/** The chosen products where the one with that code stands. */
function onSpot(code) {
  const at = byCode.get(code)?.geometry?.coordinates;
  if (!at) return [];
  return listed.filter(
    ({ geometry }) => geometry && metresBetween(geometry.coordinates, at) < SPOT,
  );
}

function openProduct(product) {
  const diem = onSpot(state.diem).includes(product) ? state.diem : "";
  change({ ...state, chon: product.id, diem });
}

/** One step back: from a product to its spot or to the list. */
function goBack() {
  change({ ...state, chon: "", diem: state.chon ? state.diem : "" });
}

// --- what people choose ----------------------------------------------------------------------

/** Take over a state; how: "pushState", "replaceState", or "" where the address has it already. */
function change(next, how = "pushState", { moveFocus = true } = {}) {
  const before = state;
  state = next;
  const address = writeState(state);
  if (how && address !== writeState(before)) {
    history[how](null, "", address || location.pathname);
  }
  typing = typing && how === "replaceState";
  layers?.restore(state);
  if (needsAreas()) loadAreas();
  if (!sameChoices(before, state)) {
    view?.closePopup();
    render();
  }
  if (before.chon === state.chon && before.diem === state.diem) return;
  renderPanel({ moveFocus });
  if (view) renderPlaces();
  // What is restored knows where the map stood.
  if (how) reveal();
}

/** Other choices; whatever product was open, people want to see the list. */
function select(next, how) {
  areaWanted ||= next["bao-ho"] !== state["bao-ho"];
  change({ ...next, chon: "", diem: "" }, how, { moveFocus: false });
  if ($("more-filters").hidden) form.querySelector(".sheet-body").scrollTop = 0;
  showChosenArea();
}

/** Bring what the panel shows out from under the sheet; the map moves no more than that. */
function reveal() {
  const at = (byCode.get(state.chon) ?? byCode.get(state.diem))?.geometry?.coordinates;
  if (at) view?.reveal(at);
}

function chooseSuggestion({ name, value, label, box, isDrawn, count }) {
  // What was typed led to the choice and is no state to come back to.
  const how = typing ? "replaceState" : "pushState";
  const next = { ...state, q: "" };
  $("q").value = "";
  if (name === "chon") return change({ ...next, chon: value, diem: "" }, how);
  if (name === "bao-ho" && !isDrawn) return leave(pageFor(dataset.rightPage, value, label));
  if (name === "chu-the" && !count) return leave(pageFor(dataset.producerPage, value, label));
  // A place takes the place of another: hardly anything stands in two.
  const places = LISTS.includes(name) ? { huyen: [], xa: [], "xa-cu": [] } : {};
  select(withChoice({ ...next, ...places }, name, value), how);
  if (narrow.matches) sheet.stop("half");
  if (box) view?.fit(box, { maxZoom: PLACE_ZOOM });
  else if (name === "chu-the") showAll(matching);
}

/** As a link does: out of a frame too, in which no other page of ours may stand. */
function leave(page) {
  Object.assign(document.createElement("a"), { href: page }).click();
}

function showAll(some) {
  const points = some.filter(({ geometry }) => geometry).map((one) => one.geometry.coordinates);
  if (points.length === 0) return;
  view?.fit(bounds({ type: "Polygon", coordinates: [points] }), { maxZoom: PLACE_ZOOM });
}

function typed() {
  $("clear-q").hidden = $("q").value === "";
  later("typing", TYPING, () => {
    if (document.activeElement === $("q")) combobox.show();
    // The list comes in a task of its own: letters must not wait for it.
    later("search", 0, search);
  });
}

/** The first letters are a step for Back, the others are not. */
function search() {
  const q = $("q").value.trim();
  if (q === state.q) return;
  const how = typing ? "replaceState" : "pushState";
  searched = q;
  select({ ...state, q }, how);
  typing = true;
}

function clearSearch() {
  $("q").value = "";
  combobox.close();
  search();
  $("clear-q").hidden = true;
  $("q").focus();
}

function needsAreas() {
  const right = state["bao-ho"];
  return (right !== "" && right !== ANY_PROTECTION) || state["loai-bao-ho"].length > 0;
}

function toggleFilters() {
  const open = $("more-filters").hidden;
  $("more-filters").hidden = !open;
  $("filters-toggle").setAttribute("aria-expanded", String(open));
  if (!open) return;
  sheet.stop("full");
  form.querySelector(".sheet-body").scrollTop = 0;
  loadAreas();
}

async function toggleNear() {
  if (state.gan) return select(without(state, "gan"));
  say(texts.near_asking);
  try {
    const at = await whereAmI();
    say("");
    select(withChoice(state, "gan", writePlace(at)));
    if (narrow.matches) sheet.stop("half");
    // From another end of the country the map has nothing to show them with.
    if (metres.get(listed[0]) > FAR) return;
    showAll([{ geometry: { coordinates: at } }, ...listed.slice(0, NEAREST)]);
  } catch (error) {
    say(texts[error.message] ?? texts.near_unavailable);
  }
}

/** Let the browser have its turn. */
function turn() {
  return new Promise((resolve) => setTimeout(resolve));
}

/** Do it after so many milliseconds, unless it is asked for again before. */
function later(name, milliseconds, action) {
  clearTimeout(timers[name]);
  timers[name] = setTimeout(action, milliseconds);
}

/** A sentence that goes again by itself. */
function say(text) {
  $("notice").textContent = text;
  later("notice", 8_000, () => {
    $("notice").textContent = "";
  });
}

form.addEventListener("input", ({ target }) => {
  if (target === $("q")) return typed();
  const { name, value, type, checked } = target;
  // Layers of the map have controls in the form too, and see to them.
  if (!FILTERS.includes(name)) return;
  select(
    type === "checkbox" && !checked ? without(state, name, value) : withChoice(state, name, value),
  );
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(timers.typing);
  search();
  $("q").blur();
  if (narrow.matches) sheet.stop("half");
});
$("clear-q").addEventListener("click", clearSearch);
$("q").addEventListener("blur", () => {
  typing = false;
});
$("near").addEventListener("click", toggleNear);
$("back").addEventListener("click", goBack);
for (const button of form.querySelectorAll("[data-share]")) {
  button.addEventListener("click", async () => {
    const said = await share(document.title);
    if (said) say(texts[said]);
  });
}
$("filters-toggle").addEventListener("click", toggleFilters);
$("more").addEventListener("click", () => {
  shown += PAGE;
  renderList();
});
form.addEventListener("keydown", ({ key, target }) => {
  if (key !== "Escape") return;
  if (target === $("q") && target.value) clearSearch();
  else if (!$("chosen").hidden) goBack();
});
addEventListener("popstate", () => {
  const next = readState(location.search);
  const moved = next["ban-do"] !== state["ban-do"];
  change(next, "");
  if (moved) position?.restore();
});
// On paper the list is whole.
addEventListener("beforeprint", () => {
  if (!products) return;
  shown = Number.POSITIVE_INFINITY;
  renderList();
});
addEventListener("afterprint", () => {
  if (!products) return;
  shown = PAGE;
  renderList();
});

// --- what comes from the server --------------------------------------------------------------

async function loadProducts() {
  // The page came with all products; those of this state are still to be found.
  if (choices(state).length) $("count").textContent = texts.loading;
  try {
    const features = await loadFeatures(dataset.products);
    const kindsOf = kindsByName(index["bao-ho"]);
    products = features
      .map((feature) => prepare(feature, kindsOf))
      .sort((a, b) => byName.compare(a.properties.name, b.properties.name));
    byCode = new Map(products.map((product) => [product.id, product]));
    if (areas) await placeInAreas();
    render();
    combobox.refresh();
    renderPanel({ moveFocus: false });
    if (!state["ban-do"]) reveal();
  } catch (error) {
    $("count").textContent = firstCount;
    showProblem("products", texts[error.reason] ?? texts.failed, loadProducts);
  }
}

/** The areas of rights; asked for when somebody looks at the filters, as they are large. */
async function loadAreas() {
  if (areasAsked) return;
  areasAsked = true;
  try {
    areas = (await loadFeatures(dataset.protections))
      .filter(({ geometry }) => geometry)
      .map(({ id, geometry, properties: { kind } }) => {
        return { id, kind, geometry, box: bounds(geometry) };
      });
    showProblem("areas");
    if (products) await placeInAreas();
    render();
    showChosenArea();
  } catch {
    areasAsked = false;
    showProblem("areas", texts.area_failed, loadAreas);
    if (products) renderCount();
  }
}

async function placeInAreas() {
  for (const [i, product] of products.entries()) {
    standIn(product, areas);
    if (i % SLICE === SLICE - 1) await turn();
  }
}

function showChosenArea() {
  const area = areas?.find(({ id }) => id === state["bao-ho"]);
  if (!area || !view || !areaWanted) return;
  areaWanted = false;
  view.fit(area.box);
}

/** Say what failed; one button tries all of it again. Without a text it came after all. */
function showProblem(part, text, retry) {
  problems.delete(part);
  if (text) problems.set(part, { text, retry });
  // Without products the rest is not worth a sentence.
  const shown = problems.get("products") ?? [...problems.values()].at(-1);
  $("problem").querySelector("p").textContent = shown?.text ?? "";
  $("problem").hidden = !shown;
  if (narrow.matches && text && part === "products") sheet.stop("half");
}

$("problem")
  .querySelector("button")
  .addEventListener("click", () => {
    const parts = [...problems.values()];
    problems.clear();
    $("problem").hidden = true;
    for (const { retry } of parts) retry();
  });

/** Each part in a task of its own, so that a slow phone can answer its reader in between. */
async function startMap() {
  // The map is of use without its ground; districts and products still stand.
  const ground = loadOptional(dataset.basemap);
  view = await whenMapReady(dataset);
  pad();
  narrow.addEventListener("change", pad);
  position = keepPosition(view, $("map"), {
    read: () => state["ban-do"],
    write(text) {
      state = { ...state, "ban-do": text };
      history.replaceState(history.state, "", writeState(state) || location.pathname);
    },
  });
  view.onMove(renderPlaces);
  await turn();
  layers = makeLayers(view, {
    onChange: (chosen) => change({ ...state, ...chosen }),
    onProblem: showProblem,
  });
  layers.restore(state);
  renderMap();
  renderArea();
  showChosenArea();
  if (!state["ban-do"]) reveal();
  const base = await ground;
  if (base) view.drawBase(base);
  $("map-coming").remove();
}

startMap();
loadProducts();
if (needsAreas()) loadAreas();
render();
// What was typed before this module ran.
if ($("q").value.trim() !== state.q) typed();
