// The map of new boundaries: before dashed, after solid, and the records that change, by their
// numbers in the list beside; hover and focus in step both ways.

import { bounds } from "#geodata/js/geometry.js";
import { loadOptional } from "#geodata/js/loader.js";
import { createMapView } from "#geodata/js/mapview/view.js";

// The closest zoom at which the map opens.
const MAX_ZOOM = 14;
const box = document.querySelector(".boundary-map");
const rows = new Map();
const markers = new Map();

function highlight(number, on) {
  markers.get(number)?.classList.toggle("is-hovered", on);
  rows.get(number)?.classList.toggle("is-hovered", on);
}

/** Highlight a record as long as the pointer or the focus is on the element. */
function inStep(element, number) {
  for (const [start, end] of [
    ["mouseenter", "mouseleave"],
    ["focusin", "focusout"],
  ]) {
    element.addEventListener(start, () => highlight(number, true));
    element.addEventListener(end, () => highlight(number, false));
  }
}

/** The marker of a record: a link to its row. */
function markerOf({ number, name, code }) {
  const link = document.createElement("a");
  const label = `${number}. ${name} (${code})`;
  Object.assign(link, { className: "dot", href: `#ho-so-${number}`, title: label });
  link.setAttribute("aria-label", label);
  link.textContent = number;
  markers.set(number, link);
  inStep(link, number);
  return link;
}

async function draw() {
  const { shapes, places } = JSON.parse(document.getElementById("boundary-changes").textContent);
  const view = createMapView(box.firstElementChild, box.dataset);
  view.letPageScroll();
  const base = await loadOptional(box.dataset.basemap);
  if (base) view.drawBase(base);
  view.addTiles();
  for (const [id, className] of [
    ["after", "boundary-new"],
    ["before", "boundary-old"],
  ]) {
    const drawn = shapes.filter((shape) => shape[id]);
    view.showFills(
      id,
      drawn.map((shape) => ({ geometry: shape[id], className })),
    );
  }
  view.showPlaces(
    places.map((place) => ({
      key: `${place.number}`,
      at: place.at,
      element: () => markerOf(place),
      label: place.name,
    })),
  );
  const geometries = shapes.flatMap(({ before, after }) => [before, after]).filter(Boolean);
  const positions = places.map(({ at }) => at);
  if (positions.length) geometries.push({ type: "Polygon", coordinates: [positions] });
  const boxes = geometries.map(bounds);
  const [west, south] = [0, 1].map((axis) => Math.min(...boxes.map((one) => one[axis])));
  const [east, north] = [2, 3].map((axis) => Math.max(...boxes.map((one) => one[axis])));
  view.fit([west, south, east, north], { maxZoom: MAX_ZOOM });
}

for (const row of document.querySelectorAll("#boundary-records tbody tr")) {
  const number = Number(row.dataset.number);
  rows.set(number, row);
  inStep(row, number);
}

if (box) draw();
