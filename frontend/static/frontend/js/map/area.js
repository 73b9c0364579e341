// The part of the map to which users limit the list.
//
// The equivalent in the API is `bbox`, which also returns every product without a point, as OGC API
// requires; `filter=NOT geometry IS NULL` leaves these out.

import { partition, unitOf } from "./partition.js";

// Decimals of a degree (about 10 m).
const DECIMALS = 4;
// Rows and columns of the grid of points inside a unit; GRID_STEPS in views/map.py.
const GRID_STEPS = 6;

/** Return "W,S,E,N" of a box [west, south, east, north], as `bbox` of the API. */
export function writeBox(box) {
  return box.map((degrees) => Number(degrees.toFixed(DECIMALS))).join(",");
}

/** Return the box of "W,S,E,N", or null. */
export function readBox(text) {
  if (!/^-?\d+(\.\d+)?(,-?\d+(\.\d+)?){3}$/.test(text)) return null;
  const [west, south, east, north] = text.split(",").map(Number);
  const isBox = west <= east && south <= north && Math.abs(south) <= 90 && Math.abs(north) <= 90;
  return isBox && west >= -180 && east <= 180 ? [west, south, east, north] : null;
}

/**
 * Return the products in an area: those with a point in it, and those known only to a unit that it
 * intersects. area: text of a box, "" for everywhere. knownUnits: see partition().
 */
export function productsIn(products, area, knownUnits) {
  const box = readBox(area);
  if (!box) return products;
  const units = new Set([...knownUnits.values()].filter((unit) => intersects(unit, box)));
  return products.filter((product) => {
    if (product.geometry) return contains(box, product.geometry.coordinates);
    return units.has(unitOf(product, knownUnits));
  });
}

/**
 * Return the entries of the list of an area: products with a point, then for each unit {unit, name} as a
 * heading and the products that are known only to it. Without an area: the products.
 */
export function withHeadings(products, area, knownUnits) {
  if (!area) return products;
  const { located, units } = partition(products, knownUnits);
  const groups = units.flatMap(({ unit, products: found }) => [
    { unit, name: found[0].properties.district },
    ...found,
  ]);
  return [...located, ...groups];
}

/**
 * Whether a unit intersects a box, to a half of the distance between the points inside it: each
 * represents its part of a grid over the unit.
 */
function intersects({ box: unit, points }, box) {
  if (!unit) return points.some((at) => contains(box, at));
  const half = [(unit[2] - unit[0]) / GRID_STEPS / 2, (unit[3] - unit[1]) / GRID_STEPS / 2];
  const [west, south, east, north] = box;
  const wide = [west - half[0], south - half[1], east + half[0], north + half[1]];
  return points.some((at) => contains(wide, at));
}

function contains([west, south, east, north], [lng, lat]) {
  return lng >= west && lng <= east && lat >= south && lat <= north;
}
