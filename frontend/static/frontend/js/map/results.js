// The products that a state selects, in their order.

import { productsIn, withHeadings } from "./area.js";
import { distanceInMetres, distancesFrom } from "./distance.js";
import { applyFilters, blockingChoices } from "./filters.js";
import { shownWith } from "./partition.js";
import { fillIn } from "./product-labels.js";
import { inOrder, orderOf } from "./sorting.js";
import { readPlace } from "./state.js";

// Products within this many metres are at the same spot.
const SPOT = 30;

export const NO_RESULTS = {
  matching: [],
  sorted: [],
  entries: [],
  distances: new Map(),
  counts: {},
};

/**
 * Return {matching, sorted, entries, distances, counts}; matching: by relevance in a search, else by
 * prominence, then in the order of the products; sorted: in the order of the state, see sorting.js;
 * entries: of the list, see withHeadings(); distances: metres by product, empty without a position;
 * counts, find: see applyFilters(). knownUnits: see partition(). byName: the products by name.
 */
export function computeResults(
  products,
  state,
  { find, knownUnits = new Map(), byName = products } = {},
) {
  const inArea = productsIn(products, state.area, knownUnits);
  const { matching, counts } = applyFilters(inArea, state, find);
  if (!state.query.trim()) matching.sort((a, b) => a.prominence - b.prominence);
  const from = readPlace(state.near);
  const distances = from ? distancesFrom(matching, from) : new Map();
  const sorted = inOrder(orderOf(state), { matching, byName, distances });
  const entries = withHeadings(sorted, state.area, knownUnits);
  return { matching, counts, sorted, entries, distances };
}

/**
 * Return the choices [key, value] without which the state would match something, among them the area;
 * parameters as of computeResults().
 */
export function choicesToRemove(products, state, { find, knownUnits = new Map() } = {}) {
  const inArea = productsIn(products, state.area, knownUnits);
  const blocking = blockingChoices(inArea, state, find);
  const isAreaBlocking = state.area && applyFilters(products, state, find).matching.length > 0;
  return isAreaBlocking ? [...blocking, ["area", state.area]] : blocking;
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
