// The small map of a page: products, sales points, or the area of a right.

import { bounds, boundsOf } from "#geodata/js/geometry.js";
import { loadOptional } from "#geodata/js/loader.js";
import { whenMapReady } from "#geodata/js/mapview/view.js";
import { loadPictogramShapes, marker, pointSymbol } from "./symbols.js";

// The closest zoom at which the map opens: a place among the neighbouring communes.
const MAX_ZOOM = 11;

const { dataset } = document.querySelector(".page-map");
const products = JSON.parse(document.getElementById("places")?.textContent ?? "[]");

/** Return the symbol of a product, or of a record with a symbol of its own. */
function symbolOf(record) {
  return record.symbol ? pointSymbol(record.symbol, record.inexact) : marker(record);
}

/**
 * Return the places of the records; those of one group or symbol at the same position are one place.
 */
function placesOf() {
  const places = new Map();
  for (const product of products) {
    const at = [product.lng, product.lat];
    const key = `${at} ${product.symbol ?? product.group}`;
    const label = [places.get(key)?.label, product.name].filter(Boolean).join(", ");
    places.set(key, { key, at, element: symbolOf(product), label });
  }
  return [...places.values()];
}

async function start() {
  const view = await whenMapReady(dataset);
  view.letPageScroll();
  const urls = [dataset.basemap, dataset.outlines, dataset.area];
  const [base, outlines, right] = await Promise.all([
    ...urls.map((url) => loadOptional(url)),
    loadPictogramShapes(),
  ]);
  if (base) view.drawBase(base);
  if (outlines) view.showOutlines(outlines);
  view.addTiles();
  view.goHome();
  if (right?.geometry) {
    view.showArea(right.geometry);
    view.fit(bounds(right.geometry));
  }
  if (products.length) {
    view.showPlaces(placesOf());
    const positions = products.map(({ lng, lat }) => [lng, lat]);
    view.fit(boundsOf(positions), { maxZoom: MAX_ZOOM });
  }
}

start();
