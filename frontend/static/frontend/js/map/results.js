// The products that a state selects, in their order.

import { distanceInMetres, sortByDistance } from "./distance.js";
import { applyFilters } from "./filters.js";
import { shownWith } from "./partition.js";
import { fillIn } from "./product-labels.js";
import { readPlace } from "./state.js";

// Products within this many metres are at the same spot.
const SPOT = 30;

export const NO_RESULTS = { matching: [], sorted: [], distances: new Map(), counts: {} };

/**
 * Return {matching, sorted, distances, counts}; matching: by relevance in a search, else by prominence,
 * then in the order of the products; sorted: by distance if the state has a position; distances:
 * metres by product, empty without a position; counts, find: see applyFilters().
 */
export function computeResults(products, state, find) {
  const { matching, counts } = applyFilters(products, state, find);
  if (!state.query.trim()) matching.sort((a, b) => a.prominence - b.prominence);
  const from = readPlace(state.near);
  if (!from) return { matching, counts, sorted: matching, distances: new Map() };
  return { matching, counts, ...sortByDistance(matching, from) };
}

/**
 * Return the sorted products at the spot of a product; of one without a point, those of its unit, see
 * shownWith().
 */
export function productsAtSpot({ sorted }, product, knownUnits = new Map()) {
  if (!product) return [];
  if (!product.geometry) return shownWith(sorted, product, knownUnits);
  const at = product.geometry.coordinates;
  return sorted.filter(
    ({ geometry }) => geometry && distanceInMetres(geometry.coordinates, at) < SPOT,
  );
}

/** "62 sản phẩm" or "10 trong 62 sản phẩm". */
export function countText({ matching }, products, texts) {
  const numbers = { count: matching.length, all: products.length };
  return fillIn(numbers.count === numbers.all ? texts.count_all : texts.count_some, numbers);
}
