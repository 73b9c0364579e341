// The small map of a page: one product, or the area of one right.

import { bounds } from "../../geodata/js/geometry.js";
import { whenMapReady } from "../../geodata/js/mapview.js";
import { loadJson } from "./api.js";
import { marker } from "./signs.js";

const { dataset } = document.querySelector(".page-map");
const place = JSON.parse(document.getElementById("place")?.textContent ?? "null");

/** The JSON, or null: each part of the map is of use without the others. */
function load(url) {
  return url ? loadJson(url).catch(() => null) : null;
}

async function start() {
  const view = await whenMapReady(dataset);
  view.letPageScroll();
  const [base, outlines, right] = await Promise.all(
    [dataset.basemap, dataset.outlines, dataset.area].map(load),
  );
  if (base) view.drawBase(base);
  if (outlines) view.showOutlines(outlines);
  view.addTiles();
  view.goHome();
  if (right?.geometry) {
    view.showArea(right.geometry);
    view.fit(bounds(right.geometry));
  }
  if (place) {
    const at = [place.lng, place.lat];
    view.showPlaces([{ key: place.name, at, element: marker(place), label: place.name }]);
    view.goTo(at, 11);
  }
}

start();
