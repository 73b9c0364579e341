// The map of labelled places on pages of the workspace: two versions of a position, for example.

import { boundsOf } from "#geodata/js/geometry.js";
import { loadOptional } from "#geodata/js/loader.js";
import { createMapView } from "#geodata/js/mapview/view.js";

// The closest zoom at which the map opens: two places a few metres apart are still two.
const MAX_ZOOM = 17;
// Space around the places, as a part of the distance between the outermost.
const MARGIN = 0.4;

const element = document.querySelector(".workspace-map");
const places = JSON.parse(document.getElementById("workspace-places").textContent);

/** The marker of a place: its number, which its label in the list below has too. */
function numbered(label, number) {
  const marker = document.createElement("span");
  marker.className = "workspace-place";
  marker.textContent = number;
  marker.title = label;
  return marker;
}

/** The box with space around it, so that nothing on the map covers the places. */
function widened([west, south, east, north]) {
  const [dx, dy] = [(east - west) * MARGIN, (north - south) * MARGIN];
  return [west - dx, south - dy, east + dx, north + dy];
}

async function start() {
  const view = createMapView(element, element.dataset);
  view.letPageScroll();
  const [base, outlines] = await Promise.all([
    loadOptional(element.dataset.basemap),
    loadOptional(element.dataset.outlines),
  ]);
  if (base) view.drawBase(base);
  if (outlines) view.showOutlines(outlines);
  view.addTiles();
  view.goHome();
  view.showPlaces(
    places.map(({ lat, lng, label }, index) => ({
      key: String(index),
      at: [lng, lat],
      element: numbered(label, index + 1),
      label: `${index + 1}: ${label}`,
    })),
  );
  const positions = places.map(({ lat, lng }) => [lng, lat]);
  if (positions.length) {
    view.fit(widened(boundsOf(positions)), { maxZoom: MAX_ZOOM });
  }
}

start();
