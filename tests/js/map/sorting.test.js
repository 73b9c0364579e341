import assert from "node:assert/strict";
import { test } from "node:test";
import { prepare } from "../../../frontend/static/frontend/js/map/filters.js";
import { computeResults } from "../../../frontend/static/frontend/js/map/results.js";
import { orderOf } from "../../../frontend/static/frontend/js/map/sorting.js";
import { readState, writeState } from "../../../frontend/static/frontend/js/map/state.js";

function product(id, lng, properties) {
  const geometry = lng && { type: "Point", coordinates: [lng, 11.5] };
  const rating = { name: id, stars: null, ocop_status: "none", rated_to: null, rated_from: null };
  return prepare({ id, geometry, properties: { ...rating, ...properties } });
}
// By name, as MapData has them.
const PRODUCTS = [
  product("Hành tím", null, { ocop_status: "expired", rated_to: "2020-01-01", rated_from: "2017" }),
  product("Nho khô", 109.3, { ocop_status: "valid", rated_to: "2028-01-01", stars: 3 }),
  product("Nho xanh", 109.1, { ocop_status: "expiring", rated_to: "2027-01-01", stars: 4 }),
  product("Tỏi nho", 109.2, { ocop_status: "valid", rated_to: "2027-06-01", stars: 4 }),
];
const order = (search) => computeResults(PRODUCTS, readState(search)).sorted.map(({ id }) => id);

test("each order of the address sorts the list", () => {
  assert.deepEqual(order("?sap-xep=ten"), ["Hành tím", "Nho khô", "Nho xanh", "Tỏi nho"]);
  // Among equal stars the valid one is before the expiring one, as without an order.
  assert.deepEqual(order("?sap-xep=sao"), ["Tỏi nho", "Nho xanh", "Nho khô", "Hành tím"]);
  // The date of a rating that has ended is no date on which one ends.
  assert.deepEqual(order("?sap-xep=han"), ["Nho xanh", "Tỏi nho", "Nho khô", "Hành tím"]);
  assert.deepEqual(order("?gan=11.5,109"), ["Nho xanh", "Tỏi nho", "Nho khô", "Hành tím"]);
  assert.deepEqual(order("?q=nho&sap-xep=ten"), ["Nho khô", "Nho xanh", "Tỏi nho"]);
});

test("an order that is not possible or not known is the default one", () => {
  const orderIn = (search) => orderOf(readState(search));
  assert.equal(orderIn(""), "prominence");
  assert.equal(orderIn("?sap-xep=lien-quan"), "prominence");
  assert.equal(orderIn("?q=nho&sap-xep=khoang-cach"), "relevance");
  assert.equal(orderIn("?sap-xep=toString"), "prominence");
  assert.equal(orderIn("?q=nho&gan=11.5,109"), "distance");
  assert.equal(orderIn("?q=nho&gan=11.5,109&sap-xep=lien-quan"), "relevance");
  assert.equal(orderIn("?gan=11.5,109&sap-xep=sao"), "stars");
});

test("the order stays in the address, and is no filter", () => {
  const state = readState("?sap-xep=sao&vung=108.9,11.4,109.1,11.6");
  assert.equal(writeState(state), "?sap-xep=sao&vung=108.9,11.4,109.1,11.6");
  assert.equal(computeResults(PRODUCTS, readState("?sap-xep=sao")).matching.length, 4);
});
