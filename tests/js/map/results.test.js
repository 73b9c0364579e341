import assert from "node:assert/strict";
import { test } from "node:test";
import { prepare } from "../../../frontend/static/frontend/js/map/filters.js";
import {
  computeResults,
  countText,
  productsAtSpot,
} from "../../../frontend/static/frontend/js/map/results.js";
import { readState } from "../../../frontend/static/frontend/js/map/state.js";

function product(id, coordinates, properties = {}) {
  const geometry = coordinates && { type: "Point", coordinates };
  return prepare({ id, geometry, properties: { name: id, ...properties } });
}
const A = product("a", [109, 11.5], { category_code: "I" });
// 22 m and 44 m from A.
const NEAR_A = product("near a", [109.0002, 11.5]);
const FARTHER = product("farther", [109.0004, 11.5]);
const UNLOCATED = product("unlocated", null, { category_code: "I" });
const PRODUCTS = [UNLOCATED, FARTHER, A, NEAR_A];

function results(search) {
  return computeResults(PRODUCTS, readState(search));
}

test("without a position products with a point are first, and have no distances", () => {
  const { sorted, distances, matching } = results("?nhom=I");
  assert.deepEqual(sorted, [A, UNLOCATED]);
  assert.deepEqual(matching, sorted);
  assert.equal(distances.size, 0);
});

test("with a position the nearest are first, the matching products remain in the order of lists", () => {
  const { sorted, distances, matching } = results("?gan=11.5,109");
  assert.deepEqual(sorted, [A, NEAR_A, FARTHER, UNLOCATED]);
  assert.deepEqual(matching, [FARTHER, A, NEAR_A, UNLOCATED]);
  assert.equal(distances.get(A), 0);
  assert.ok(Math.abs(distances.get(NEAR_A) - 22) < 1);
});

test("the counts of the filters are part of the results", () => {
  assert.deepEqual(results("").counts.category, { I: 2, "chua-ro": 2 });
});

test("products within 30 m are at one spot, if they match", () => {
  assert.deepEqual(productsAtSpot(results(""), A), [A, NEAR_A]);
  assert.deepEqual(productsAtSpot(results("?nhom=I"), A), [A]);
  assert.deepEqual(productsAtSpot(results(""), UNLOCATED), [UNLOCATED]);
  assert.deepEqual(productsAtSpot(results(""), undefined), []);
});

test("the count states the total only if some products do not match", () => {
  const texts = { count_all: "{count} sản phẩm", count_some: "{count} trong {all} sản phẩm" };
  assert.equal(countText(results(""), PRODUCTS, texts), "4 sản phẩm");
  assert.equal(countText(results("?nhom=I"), PRODUCTS, texts), "2 trong 4 sản phẩm");
});
