// The small map of a page: a product, those of a producer, or the area of one right.

import { bounds } from "#geodata/js/geometry.js";
import { loadOptional } from "#geodata/js/loader.js";
import { whenMapReady } from "#geodata/js/mapview/view.js";
import { marker } from "./signs.js";

// As near as a place in its commune is still seen among its neighbours.
const NEAR = 11;

const { dataset } = document.querySelector(".page-map");
const places = JSON.parse(document.getElementById("places")?.textContent ?? "[]");

/** Products with the signs; those of one group on one spot are one. */
function signs() {
  const shown = new Map();
  for (const place of places) {
    const at = [place.lng, place.lat];
    const key = `${at} ${place.group}`;
    const label = [shown.get(key)?.label, place.name].filter(Boolean).join(", ");
    shown.set(key, { key, at, element: marker(place), label });
  }
  return [...shown.values()];
}

async function start() {
  const view = await whenMapReady(dataset);
  view.letPageScroll();
  const [base, outlines, right] = await Promise.all(
    [dataset.basemap, dataset.outlines, dataset.area].map((url) => loadOptional(url)),
  );
  if (base) view.drawBase(base);
  if (outlines) view.showOutlines(outlines);
  view.addTiles();
  view.goHome();
  if (right?.geometry) {
    view.showArea(right.geometry);
    view.fit(bounds(right.geometry));
  }
  if (places.length) {
    view.showPlaces(signs());
    const ring = places.map(({ lng, lat }) => [lng, lat]);
    view.fit(bounds({ type: "Polygon", coordinates: [ring] }), { maxZoom: NEAR });
  }
}

start();
