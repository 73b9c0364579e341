import assert from "node:assert/strict";
import { test } from "node:test";
import {
  productsIn,
  readBox,
  withHeadings,
  writeBox,
} from "../../../frontend/static/frontend/js/map/area.js";
import { prepare } from "../../../frontend/static/frontend/js/map/filters.js";
import { knownUnitsOf } from "../../../frontend/static/frontend/js/map/partition.js";
import { computeResults } from "../../../frontend/static/frontend/js/map/results.js";
import { readState } from "../../../frontend/static/frontend/js/map/state.js";

// A unit of 0.6 degrees without its north-east, as views/map.py lists it.
const STEPS = [0, 1, 2, 3, 4, 5].map((step) => 109 + 0.05 + step / 10);
const INSIDE = STEPS.flatMap((lng) => STEPS.map((lat) => [lng, lat - 98]));
const POINTS = INSIDE.filter(([lng, lat]) => lng < 109.3 || lat < 11.3);
const UNITS = knownUnitsOf([["991", "Nam", "huyen", [109, 11, 109.6, 11.6], POINTS]]);

function product(id, at, properties) {
  const geometry = at && { type: "Point", coordinates: at };
  return prepare({ id, geometry, properties: { name: id, ...properties } });
}
const KNOWN = { district: "huyện Nam", district_code: "991" };
const INDOORS = product("in", [109.1, 11.1], KNOWN);
const OUTSIDE = product("out", [109.5, 11.1], KNOWN);
const UNLOCATED = product("unit", null, KNOWN);
const NOWHERE = product("nowhere", null, {});
const PRODUCTS = [INDOORS, NOWHERE, OUTSIDE, UNLOCATED];
const found = (area) => productsIn(PRODUCTS, area, UNITS).map(({ id }) => id);

test("an area has the products in it, and those of each unit that it intersects", () => {
  assert.deepEqual(found("109,11,109.2,11.2"), ["in", "unit"]);
  assert.deepEqual(found("109.45,11,109.6,11.2"), ["out", "unit"]);
  // Beside the unit, and in the part of its box that is not in it.
  assert.deepEqual(found("109.7,11,109.8,11.2"), []);
  assert.deepEqual(found("109.5,11.5,109.55,11.55"), []);
  // Between two of the points inside.
  assert.deepEqual(found("109.09,11.09,109.095,11.095"), ["unit"]);
  assert.deepEqual(found(""), ["in", "nowhere", "out", "unit"]);
});

test("products of a unit come after the located ones, below its name, and are counted", () => {
  const state = readState("?vung=109,11,109.2,11.2");
  const { entries, sorted, matching } = computeResults(PRODUCTS, state, { knownUnits: UNITS });
  assert.deepEqual(
    entries.map(({ id, name }) => id ?? name),
    ["in", "huyện Nam", "unit"],
  );
  assert.equal(matching.length, 2);
  assert.equal(sorted.length, 2);
  assert.equal(withHeadings(PRODUCTS, "", UNITS), PRODUCTS);
});

test("a box is written as bbox of the API, and only such a text is read", () => {
  const box = [108.912345, -11.5, 109, 11.6];
  assert.equal(writeBox(box), "108.9123,-11.5,109,11.6");
  assert.deepEqual(readBox(writeBox(box)), [108.9123, -11.5, 109, 11.6]);
  for (const text of ["", "1,2,3", "3,2,1,4", "1,4,3,2", "1,2,3,91", "a,b,c,d", "1,2,3,4,5"]) {
    assert.equal(readBox(text), null, text);
    assert.equal(readState(`?vung=${text}`).area, "");
  }
});
