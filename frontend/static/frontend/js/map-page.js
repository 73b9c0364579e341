// The map page: what people choose, the products that fit, and these in the list and on the map.

import { bounds } from "../../geodata/js/geometry.js";
import { whenMapReady } from "../../geodata/js/mapview.js";
import { loadFeatures, loadJson } from "./api.js";
import { buildIndex, inView, members, zoomToSplit } from "./clusters.js";
import { ANY_PROTECTION, countOptions, matcher, searchText, whatToLoosen } from "./filters.js";
import { card, listItem, spotList } from "./list.js";
import { makeSheet } from "./sheet.js";
import { cluster, marker } from "./signs.js";
import { choices, LISTS, readState, without, writeState } from "./state.js";
import { fill, markerName } from "./words.js";

// So many items stand in the list before people ask for more.
const PAGE = 100;
// Near enough to see the villages around a product.
const PLACE_ZOOM = 12;
const narrow = matchMedia("(max-width: 959px)");
// What search and sheet cover of a phone's map, in pixels.
const COVERED = { top: 72, right: 8, bottom: 148, left: 8 };
const FREE = { top: 12, right: 12, bottom: 12, left: 12 };

const $ = (id) => document.getElementById(id);
const { dataset } = $("map-page");
const texts = JSON.parse($("texts").textContent);
const form = $("filters");
const byName = new Intl.Collator("vi");

let state = readState(location.search);
let products = null;
let matching = [];
let index = null;
let areas = new Map();
let areasAsked = null;
let view = null;
let shown = PAGE;
const problems = new Map();
const firstCount = $("count").textContent;

const sheet = makeSheet(form.querySelector(".sheet"), form.querySelector(".sheet-handle"), texts);

// --- what is shown ---------------------------------------------------------------------------

function render() {
  writeForm();
  renderChips();
  if (!products) return;
  const isMatch = matcher(state, areas);
  matching = products.filter(isMatch);
  const all = matching.length === products.length;
  const text = all ? texts.count_all : texts.count_some;
  $("count").textContent = fill(text, { count: matching.length, all: products.length });
  renderCounts();
  renderArea();
  shown = PAGE;
  renderList();
  if (!view) return;
  index = buildIndex(matching, view.maxZoom);
  renderPlaces();
}

function renderList() {
  const template = $("item");
  const items = matching
    .slice(0, shown)
    .map((product) => listItem(template, product, texts, showOnMap));
  $("results").replaceChildren(...items);
  $("more").hidden = matching.length <= shown;
  if (matching.length > 0) return;
  const item = document.createElement("li");
  item.className = "nothing";
  item.textContent = products.length ? texts.nothing : texts.empty;
  const names = whatToLoosen(products, state, areas, choices(state), without).map((choice) =>
    choiceName(...choice),
  );
  if (names.length) item.append(` ${fill(texts.loosen, { names: names.join(", ") })}`);
  $("results").append(item);
}

function renderCounts() {
  const counts = countOptions(products, state, areas);
  for (const input of form.querySelectorAll(".option input")) {
    const count = counts[input.name][input.value] ?? 0;
    const option = input.closest(".option");
    option.querySelector(".option-count").textContent = count;
    option.classList.toggle("option-empty", count === 0 && !input.checked);
    // "Unclear" is a choice only where something is unclear.
    if ("unclear" in option.dataset) option.hidden = count === 0 && !input.checked;
  }
  for (const option of $("bao-ho").options) {
    option.dataset.name ??= option.textContent;
    const count = counts["bao-ho"][option.value];
    option.textContent =
      count === undefined ? option.dataset.name : `${option.dataset.name}: ${count}`;
  }
}

function renderChips() {
  const chosen = choices(state);
  $("chips").hidden = chosen.length === 0;
  const filters = chosen.filter(([name]) => name !== "q").length;
  $("filters-active").textContent = filters ? `(${filters})` : "";
  const chips = chosen.map(([name, value]) => {
    const label = choiceName(name, value);
    return chip(label, fill(texts.remove, { name: label }), without(state, name, value));
  });
  if (chosen.length > 1) chips.push(chip(texts.clear, texts.clear, readState("")));
  $("chips").replaceChildren(...chips);
}

function chip(text, label, next) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "chip", textContent: text, ariaLabel: label });
  button.addEventListener("click", () => {
    change(next);
    // The chip is gone; whoever pressed it with a key goes on from the count.
    ($("chips").querySelector("button") ?? $("q")).focus({ preventScroll: true });
  });
  const item = document.createElement("li");
  item.append(button);
  return item;
}

function choiceName(name, value) {
  if (name === "q") return fill(texts.word, { q: value });
  if (name === "bao-ho") {
    const option = [...$("bao-ho").options].find((one) => one.value === value);
    if (value === ANY_PROTECTION || !option) return texts.any_protection;
    return fill(texts.in_area, { name: option.dataset.name ?? option.textContent });
  }
  const input = inputs(name).find((one) => one.value === value);
  return input?.closest(".option").querySelector(".option-name").textContent ?? value;
}

function renderArea() {
  const area = areas.get(state["bao-ho"]);
  $("area-note").hidden = !area;
  view?.showArea(area ?? null);
}

function renderPlaces() {
  view.showPlaces(inView(index, view.bounds, view.zoom).map(place));
}

function place({ at, product, id, count, groups }) {
  if (product) {
    const { properties } = product;
    const isProtected = Boolean(properties.protections);
    const inexact = properties.position === "commune";
    const element = marker({ group: properties.category_code, inexact, isProtected });
    const key = `${product.id} ${isProtected}`;
    const label = markerName(properties, texts);
    return { key, at, element, label, onSelect: () => openCard(product) };
  }
  return {
    key: `${id} ${count} ${Object.entries(groups)}`,
    at,
    element: cluster(count, groups),
    label: fill(texts.cluster, { count }),
    front: true,
    onSelect: () => openCluster(id, at),
  };
}

function openCluster(id, at) {
  const zoom = zoomToSplit(index, id);
  if (zoom <= view.maxZoom) {
    view.goTo(at, zoom);
    return;
  }
  makeRoom();
  view.openPopup(at, spotList($("spot"), members(index, id), texts));
}

function openCard(product) {
  makeRoom();
  view.openPopup(product.geometry.coordinates, card($("card"), product, texts));
}

function showOnMap(product) {
  makeRoom();
  view.goTo(product.geometry.coordinates, PLACE_ZOOM);
  openCard(product);
}

/** On a phone the sheet goes down, so that it covers nothing that was asked for. */
function makeRoom() {
  if (narrow.matches) sheet.stop("peek");
}

// --- what people choose ----------------------------------------------------------------------

/** Take over a state; typing replaces the entry in the history, a choice adds one. */
function change(next, { replace = false } = {}) {
  const address = writeState(next) || location.pathname;
  if (writeState(next) !== writeState(state)) {
    history[replace ? "replaceState" : "pushState"](null, "", address);
  }
  const otherArea = next["bao-ho"] !== state["bao-ho"];
  state = next;
  view?.closePopup();
  if (needsAreas()) loadAreas();
  render();
  if (otherArea) showChosenArea();
}

function writeForm() {
  // Not while people type: "a " would lose its blank.
  if ($("q").value.trim() !== state.q) $("q").value = state.q;
  for (const name of LISTS) {
    for (const input of inputs(name)) input.checked = state[name].includes(input.value);
  }
  $("bao-ho").value = state["bao-ho"];
}

/** The boxes of a filter; form.elements would give a list only where there are several. */
function inputs(name) {
  return [...form.querySelectorAll(`input[name="${name}"]`)];
}

function needsAreas() {
  return state["bao-ho"] !== "" && state["bao-ho"] !== ANY_PROTECTION;
}

function toggleFilters() {
  const open = $("more-filters").hidden;
  $("more-filters").hidden = !open;
  $("filters-toggle").setAttribute("aria-expanded", String(open));
  if (open) {
    sheet.stop("full");
    form.querySelector(".sheet-body").scrollTop = 0;
    loadAreas();
  }
}

form.addEventListener("input", ({ target }) => {
  change(readState(new FormData(form)), { replace: target === $("q") });
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  $("q").blur();
  if (narrow.matches) sheet.stop("half");
});
$("filters-toggle").addEventListener("click", toggleFilters);
$("more").addEventListener("click", () => {
  shown += PAGE;
  renderList();
});
addEventListener("popstate", () => {
  change(readState(location.search), { replace: true });
});

// --- what comes from the server --------------------------------------------------------------

async function loadProducts() {
  // The page came with all products; those of this state are still to be found.
  if (writeState(state)) $("count").textContent = texts.loading;
  try {
    const features = await loadFeatures(dataset.products);
    products = features
      .map((feature) => ({ ...feature, text: searchText(feature.properties) }))
      .sort((a, b) => byName.compare(a.properties.name, b.properties.name));
    render();
  } catch (error) {
    $("count").textContent = firstCount;
    showProblem("products", texts[error.reason] ?? texts.failed, loadProducts);
  }
}

/** The areas of rights; asked for when somebody looks at the filters, as they are large. */
async function loadAreas() {
  if (areasAsked) return;
  areasAsked = loadFeatures(dataset.protections);
  try {
    const drawn = (await areasAsked).filter(({ geometry }) => geometry);
    areas = new Map(drawn.map(({ id, geometry }) => [id, geometry]));
    render();
    showChosenArea();
  } catch {
    areasAsked = null;
    showProblem("areas", texts.area_failed, loadAreas);
  }
}

function showChosenArea() {
  const area = areas.get(state["bao-ho"]);
  if (area) view?.fit(bounds(area));
}

async function loadOutlines() {
  try {
    view.showOutlines(await loadJson(dataset.districts));
  } catch {
    showProblem("districts", texts.districts_failed, loadOutlines);
  }
}

/** Say what failed; one button tries all of it again. */
function showProblem(part, text, retry) {
  problems.set(part, { text, retry });
  // Without products the rest is not worth a sentence.
  const { text: first } = problems.get("products") ?? { text };
  $("problem").querySelector("p").textContent = first;
  $("problem").hidden = false;
}

$("problem")
  .querySelector("button")
  .addEventListener("click", () => {
    const parts = [...problems.values()];
    problems.clear();
    $("problem").hidden = true;
    for (const { retry } of parts) retry();
  });

async function startMap() {
  view = await whenMapReady(dataset);
  view.setPadding(narrow.matches ? COVERED : FREE);
  narrow.addEventListener("change", () => view.setPadding(narrow.matches ? COVERED : FREE));
  view.goHome();
  view.onMove(() => {
    if (index) renderPlaces();
  });
  // Who has already touched the map does not want it to move under the finger.
  let touched = false;
  const touch = () => {
    touched = true;
  };
  $("map").addEventListener("pointerdown", touch, { once: true, capture: true });
  loadJson(dataset.basemap).then(
    (base) => {
      view.drawBase(base);
      if (!touched) view.goHome();
    },
    // The map is of use without its ground; districts and products still stand.
    () => {},
  );
  view.addTiles();
  loadOutlines();
  render();
  showChosenArea();
}

// The legend explains the very signs of the map.
const LEGEND = {
  exact: () => marker({ group: "I" }),
  inexact: () => marker({ group: "I", inexact: true }),
  protected: () => marker({ group: "I", inexact: true, isProtected: true }),
  cluster: () => cluster(5, { I: 3, II: 2 }),
};
for (const place of document.querySelectorAll("[data-legend]")) {
  place.append(LEGEND[place.dataset.legend]());
}

startMap();
loadProducts();
if (needsAreas()) loadAreas();
render();
