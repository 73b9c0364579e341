// The page of the trip: the one of this device, or one that somebody shared by its link.

import { boundsOf } from "#geodata/js/geometry.js";
import { loadOptional } from "#geodata/js/loader.js";
import { whenMapReady } from "#geodata/js/mapview/view.js";
import { directionLinks, routeUrl } from "./directions.js";
import { formatDistance } from "./map/distance.js";
import { currentPosition } from "./map/geolocation.js";
import { makeNotice } from "./map/messages.js";
import { fillIn, ratingLabel, shortPlace, starsLabel } from "./map/product-labels.js";
import { pagePath } from "./map/product-views.js";
import { share } from "./map/share.js";
import { Timers } from "./map/timers.js";
import { makeSortable } from "./trip/drag.js";
import { gpx, kml } from "./trip/files.js";
import { MAX_STOPS, readTrip, writeTrip } from "./trip/fragment.js";
import { legs, moved, nearestFirst } from "./trip/order.js";
import { TripData } from "./trip/stops.js";
import { TripStore } from "./trip-store.js";

// The closest zoom at which the map opens: a place among the neighbouring communes.
const MAX_ZOOM = 12;
// Pixels at the sides of the map where markers would be under its controls and its inset.
const PADDING = { top: 28, right: 68, bottom: 76, left: 28, popupTop: 28 };

const byId = (id) => document.getElementById(id);
const { dataset } = byId("trip-map");
const { collections, ...page } = JSON.parse(byId("trip-data").textContent);
const texts = { ...page.texts, language: document.documentElement.lang };
const store = new TripStore();
const data = new TripData({
  urls: Object.fromEntries(Object.entries(collections).map(([id, one]) => [id, one.url])),
});
const notify = makeNotice(byId("notice"), new Timers());
let view = null;
// The trip of the link: as readTrip() returns it; null while the trip of this device is shown.
let shared = readShared();
let stops = [];
// The keys before the last change in this tab, for "Hoàn tác".
let before = null;
let isOwnChange = false;
let isLoading = false;

// --- what is shown -----------------------------------------------------------------------------

function readShared() {
  const trip = readTrip(location.hash.slice(1), Object.keys(collections));
  const isOwn = trip?.keys.length > 0 && writeTrip(trip.keys) === writeTrip(store.keys);
  // Later the own trip may differ from that of the link.
  if (isOwn) history.replaceState(null, "", location.pathname);
  return isOwn ? null : trip;
}

const shownKeys = () => shared?.keys ?? store.keys;

/** The link that shows the trip on another device. */
function tripUrl() {
  const { origin, pathname } = location;
  return `${origin}${pathname}#${writeTrip(shownKeys())}`;
}

async function show() {
  isLoading = true;
  render();
  const reason = await data.load(shownKeys());
  isLoading = false;
  byId("problem").querySelector("p").textContent = reason && (texts[reason] ?? texts.failed);
  byId("problem").hidden = !reason;
  render();
}

function render() {
  const keys = shownKeys();
  stops = data.stops(keys);
  const isEmpty = keys.length === 0;
  document.body.classList.toggle("is-shared", shared !== null);
  byId("trip-title").textContent = shared ? texts.title_shared : texts.title;
  byId("trip-count").textContent = isEmpty ? "" : fillIn(texts.count, { count: keys.length });
  byId("empty").hidden = !isEmpty || shared !== null;
  for (const element of document.querySelectorAll("[data-needs-stops]")) element.hidden = isEmpty;
  renderShared();
  const focused = document.activeElement?.closest?.("[data-key]")?.dataset.key;
  const control = document.activeElement?.dataset?.act;
  const distances = legs(stops);
  byId("stops").replaceChildren(...stops.map((stop, i) => makeItem(stop, i, distances[i])));
  // The item is a new element, and the focus is to stay at the same control of the same stop.
  if (focused && control) focusControl(focused, control);
  const located = stops.filter(({ at }) => at);
  byId("sort").hidden = shared !== null || located.length < 2;
  const route = routeUrl(located.map(({ at }) => at));
  byId("route").hidden = !route;
  byId("route").href = route ?? "#";
  byId("undo").hidden = before === null || shared !== null;
  byId("unlocated").textContent = unlocatedText();
  for (const link of document.querySelectorAll("a.language")) {
    link.hash = shared ? writeTrip(shared.keys) : "";
  }
  renderQr();
  renderMap();
}

function renderShared() {
  byId("shared").hidden = shared === null;
  if (!shared) return;
  const notes = [];
  if (shared.isOtherVersion) notes.push(texts.other_version);
  if (shared.unreadable) notes.push(fillIn(texts.unreadable, { count: shared.unreadable }));
  if (shared.beyond) notes.push(fillIn(texts.beyond, { count: shared.beyond, most: MAX_STOPS }));
  if (!shared.keys.length && !shared.isOtherVersion) notes.push(texts.shared_empty);
  byId("shared-notes").textContent = notes.join(" ");
  const own = store.keys.length;
  byId("shared-own").textContent = own ? fillIn(texts.own_count, { count: own }) : texts.own_empty;
  byId("add-shared").hidden = byId("shared-intro").hidden = shared.keys.length === 0;
  byId("replace-shared").hidden = shared.keys.length === 0 || own === 0;
}

/** Return the sentence with the names of the places that are not on the map, or "". */
function unlocatedText() {
  const names = stops.filter(({ feature, at }) => feature && !at).map(nameOf);
  return names.length ? fillIn(texts.unlocated, { names: names.join("; ") }) : "";
}

const nameOf = ({ id, feature }) => feature?.properties.name ?? id;

/** Return what the record is: "Nước mắm, 4 sao", "Quầy hàng". */
function kindOf({ collection, feature }) {
  const { properties } = feature;
  if (collection === "products") return ratingLabels(properties);
  return collections[collection].kinds[properties.kind] ?? collections[collection].title;
}

function ratingLabels(properties) {
  return [starsLabel(properties, texts), ratingLabel(properties, texts)]
    .filter(Boolean)
    .join(" · ");
}

function placeOf({ feature }) {
  return shortPlace(feature.properties, texts);
}

/** Return what limits the position: none, or that of its commune; "" for an exact one. */
function positionNote({ feature, at }) {
  if (!at) return texts.no_point;
  return feature.properties.position === "commune" ? texts.place_by_commune : "";
}

function makeItem(stop, i, metres) {
  const item = byId("stop").content.cloneNode(true).firstElementChild;
  const fields = {};
  for (const field of item.querySelectorAll("[data-field]")) fields[field.dataset.field] = field;
  item.dataset.key = stop.key;
  fields.number.textContent = i + 1;
  fields.number.classList.toggle("stop-unlocated", !stop.at);
  const name = nameOf(stop);
  fields.link.textContent = name;
  for (const button of item.querySelectorAll("[data-act]")) {
    button.title = button.title || button.textContent.trim();
    button.setAttribute("aria-label", `${button.title}: ${name}`);
  }
  item.querySelector("[data-act=up]").disabled = i === 0;
  item.querySelector("[data-act=down]").disabled = i === stops.length - 1;
  if (stop.state === "found") {
    fields.link.href = pagePath(stop.feature.properties);
    fields.kind.textContent = kindOf(stop);
    fields.place.textContent = placeOf(stop);
    fields.note.textContent = positionNote(stop);
    if (metres) fields.leg.textContent = fillIn(texts.leg, { distance: distanceText(metres) });
    if (stop.at) fields.directions.append(...directions(stop));
  } else {
    item.classList.add("stop-gone");
    const unknown = isLoading ? texts.loading_stop : texts.not_loaded;
    fields.note.textContent = stop.state === "gone" ? texts.gone : unknown;
  }
  for (const field of Object.values(fields)) field.hidden = !field.textContent;
  fields.directions.hidden = !stop.at;
  return item;
}

const distanceText = (metres) => formatDistance(metres, texts.language);

function directions(stop) {
  const [lng, lat] = stop.at;
  return directionLinks({ lat, lng }).flatMap(({ name, url }) => {
    const link = Object.assign(document.createElement("a"), { href: url, textContent: name });
    link.rel = "noopener noreferrer";
    link.setAttribute(
      "aria-label",
      fillIn(texts.directions_by, { place: nameOf(stop), map: name }),
    );
    return [link, " "];
  });
}

// --- the map -----------------------------------------------------------------------------------

/** One place for each position: stops known only to a commune share its point. */
function placesOf() {
  const places = new Map();
  for (const [i, stop] of stops.entries()) {
    if (!stop.at) continue;
    const place = places.get(String(stop.at)) ?? {
      at: stop.at,
      numbers: [],
      names: [],
      exact: false,
    };
    place.numbers.push(i + 1);
    place.names.push(`${i + 1}. ${nameOf(stop)}`);
    place.exact ||= stop.feature.properties.position !== "commune";
    places.set(String(stop.at), place);
  }
  return [...places.values()].map(({ at, numbers, names, exact }) => ({
    key: `${at} ${numbers}`,
    at,
    element: () => numberMarker(numbers, exact),
    label: names.join(", "),
  }));
}

function numberMarker(numbers, exact) {
  const marker = document.createElement("span");
  const text = numbers.length > 2 ? `${numbers[0]}…` : numbers.join("·");
  Object.assign(marker, { className: "stop-marker", textContent: text });
  marker.classList.toggle("inexact", !exact);
  return marker;
}

let fitted = "";

function renderMap() {
  if (!view) return;
  const places = placesOf();
  view.showPlaces(places);
  view.showRoute(stops.filter(({ at }) => at).map(({ at }) => at));
  // A new order is no reason to move the map.
  const positions = places.map(({ at }) => at);
  const area = positions.map(String).sort().join();
  if (area === fitted || positions.length === 0) return;
  fitted = area;
  view.fit(boundsOf(positions), { maxZoom: MAX_ZOOM });
}

async function startMap() {
  view = await whenMapReady(dataset);
  view.letPageScroll();
  view.setPadding(PADDING);
  view.goHome({ animate: false });
  renderMap();
  const [base, outlines] = await Promise.all(
    [dataset.basemap, dataset.outlines].map((url) => loadOptional(url)),
  );
  if (base) view.drawBase(base);
  if (outlines) view.showOutlines(outlines);
  view.addTiles();
}

// --- changes -----------------------------------------------------------------------------------

/**
 * Store other keys, unless there are too many or the browser refuses; text: what happened. Returns
 * the key of the text of the problem, if any.
 */
function change(keys, text = "") {
  const previous = store.keys;
  isOwnChange = true;
  const problem = keys.length > MAX_STOPS ? "full" : store.set(keys);
  isOwnChange = false;
  if (!problem) before = previous;
  notify(problem ? fillIn(texts[problem], { count: MAX_STOPS }) : text);
  // Also after a refusal: a drag has changed the list on the page.
  render();
  return problem;
}

function focusControl(key, act) {
  const item = [...byId("stops").children].find(({ dataset: { key: one } }) => one === key);
  const button = item?.querySelector(`[data-act="${act}"]`);
  const other = item?.querySelector("[data-act]:not(:disabled)");
  (button && !button.disabled ? button : other)?.focus();
}

function move(key, act) {
  const from = store.keys.indexOf(key);
  const to = from + (act === "up" ? -1 : 1);
  change(moved(store.keys, from, to), movedText(key, to));
  focusControl(key, act);
}

const movedText = (key, to) =>
  fillIn(texts.moved, { name: nameOf(stops.find((stop) => stop.key === key)), number: to + 1 });

function remove(key) {
  const i = store.keys.indexOf(key);
  const name = nameOf(stops[i]);
  change(
    store.keys.filter((one) => one !== key),
    fillIn(texts.removed, { name }),
  );
  const next = store.keys[Math.min(i, store.keys.length - 1)];
  if (next) focusControl(next, "remove");
  else byId("undo").focus();
}

async function sortNearest(from) {
  const sorted = nearestFirst(stops, from).map(({ key }) => key);
  change(sorted, from ? texts.sorted_from_me : texts.sorted_from_first);
}

async function sortFromMe() {
  notify(texts.near_asking);
  try {
    sortNearest(await currentPosition());
  } catch (error) {
    notify(texts[error.reason] ?? texts.near_unavailable);
  }
}

/** Show one's own trip after the shared one was added to it or has replaced it. */
function takeOver(keys, text) {
  change(keys, text);
  if (writeTrip(store.keys) !== writeTrip(keys)) return;
  showOwn();
  byId("trip-title").focus();
}

function showOwn() {
  shared = null;
  history.replaceState(null, "", location.pathname);
  show();
}

// --- sharing and files -------------------------------------------------------------------------

async function shareTrip() {
  const text = await share(document.title, tripUrl());
  if (text === "link_not_copied") {
    byId("link").hidden = false;
    byId("link").value = tripUrl();
    byId("link").select();
  }
  if (text) notify(texts[text === "link_not_copied" ? "link_marked" : text]);
}

let qrImage = null;

/** Load the script that draws QR codes; later, the page can draw them without a network. */
async function loadQr() {
  qrImage ??= (await import(dataset.qrScript)).qrImage;
}

async function toggleQr() {
  const isOpen = byId("qr").hidden;
  try {
    await loadQr();
    byId("qr").hidden = !isOpen;
    byId("qr-toggle").setAttribute("aria-expanded", String(isOpen));
    renderQr();
  } catch {
    notify(texts.qr_failed);
  }
}

function renderQr() {
  if (byId("qr").hidden || !qrImage) return;
  byId("qr").firstElementChild.replaceChildren(qrImage(tripUrl(), texts.qr_label));
}

function download(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  // At once the browser might not have read it yet.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** The trip as gpx() and kml() take it. */
function tripFile() {
  const found = stops.filter(({ feature }) => feature);
  return {
    title: shared ? texts.title_shared : texts.title,
    notes: [texts.file_note, unlocatedText()].filter(Boolean),
    stops: found.map((stop) => ({
      name: nameOf(stop),
      description: [kindOf(stop), placeOf(stop), positionNote(stop)].filter(Boolean).join("; "),
      url: new URL(pagePath(stop.feature.properties), location).href,
      at: stop.at,
    })),
  };
}

// --- events ------------------------------------------------------------------------------------

byId("stops").addEventListener("click", ({ target }) => {
  const button = target.closest("[data-act]");
  if (!button) return;
  const { key } = button.closest("[data-key]").dataset;
  if (button.dataset.act === "remove") remove(key);
  else move(key, button.dataset.act);
});
makeSortable(byId("stops"), ".stop-grip", (item) => {
  const keys = [...byId("stops").children].map(({ dataset: { key } }) => key);
  change(keys, movedText(item.dataset.key, keys.indexOf(item.dataset.key)));
});
for (const [id, action] of Object.entries({
  "sort-first": () => sortNearest(null),
  "sort-me": sortFromMe,
  share: shareTrip,
  "qr-toggle": toggleQr,
  print: () => print(),
  gpx: () => download("chuyen-di.gpx", "application/gpx+xml", gpx(tripFile())),
  kml: () => download("chuyen-di.kml", "application/vnd.google-earth.kml+xml", kml(tripFile())),
  // Each button hides itself, and the focus would be lost with it.
  clear: () => {
    if (!change([], texts.cleared)) byId("undo").focus();
  },
  undo: () => {
    if (change(before, texts.undone)) return;
    before = null;
    show();
    byId("trip-title").focus();
  },
  "add-shared": () => takeOver([...new Set([...store.keys, ...shared.keys])], texts.added),
  "replace-shared": () => takeOver(shared.keys, texts.replaced),
  "own-trip": showOwn,
  retry: show,
})) {
  byId(id).addEventListener("click", action);
}
store.onChange(() => {
  if (isOwnChange) return;
  before = null;
  show();
});
addEventListener("hashchange", () => {
  // Other fragments, such as that of the skip link, leave the page as it is.
  if (!readTrip(location.hash.slice(1))) return;
  shared = readShared();
  show();
});
document.querySelector(".skip").addEventListener("click", (event) => {
  // Following the link would replace the trip in the address.
  event.preventDefault();
  byId("trip-title").focus();
});
addEventListener("beforeprint", () => {
  // On paper the map has the size that it has on the screen: it is not drawn again for printing.
  const { offsetWidth, offsetHeight } = byId("trip-map");
  byId("trip-map").style.setProperty("--width", `${offsetWidth}px`);
  byId("trip-map").style.setProperty("--height", `${offsetHeight}px`);
});

startMap();
show();
// Without a network, a QR code is the way from phone to phone.
loadQr().catch(() => {});
