import assert from "node:assert/strict";
import { test } from "node:test";
import { legs, moved, nearestFirst } from "../../../frontend/static/frontend/js/trip/order.js";

const at = (id, lng) => ({ id, at: lng === null ? null : [lng, 11.5] });
const ids = (stops) => stops.map(({ id }) => id).join("");
const STOPS = [at("b", 109.2), at("x", null), at("d", 108.9), at("c", 109.1), at("y", null)];

test("the first stop remains the first, and those without a point come last in their order", () => {
  assert.equal(ids(nearestFirst(STOPS)), "bcdxy");
});

test("from the position of the user, the nearest stop is the first", () => {
  assert.equal(ids(nearestFirst(STOPS, [108.8, 11.5])), "dcbxy");
});

test("nothing is lost without points, and the list itself is unchanged", () => {
  assert.equal(ids(nearestFirst([at("x", null), at("y", null)])), "xy");
  assert.deepEqual(nearestFirst([]), []);
  assert.equal(ids(STOPS), "bxdcy");
});

test("a stop moves to another index, and never out of the list", () => {
  assert.deepEqual(moved(["a", "b", "c"], 0, 2), ["b", "c", "a"]);
  assert.deepEqual(moved(["a", "b", "c"], 2, 1), ["a", "c", "b"]);
  assert.deepEqual(moved(["a", "b"], 0, -1), ["a", "b"]);
  assert.deepEqual(moved(["a", "b"], 1, 2), ["a", "b"]);
});

test("a leg is the distance from the last stop with a point", () => {
  const [first, none, second] = legs(STOPS);
  assert.deepEqual([first, none], [null, null]);
  assert.ok(Math.abs(second - 32_690) < 50, String(second));
});
