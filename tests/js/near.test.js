import assert from "node:assert/strict";
import { test } from "node:test";
import {
  byDistance,
  metresBetween,
  writeDistance,
} from "../../frontend/static/frontend/js/near.js";

function at(...coordinates) {
  return { geometry: { coordinates } };
}

test("a metre of the list is a metre of the ground", () => {
  // ST_Distance of the two geographies: 11,054.9 m on the ellipsoid.
  const metres = metresBetween([109, 11.5], [109, 11.6]);
  assert.ok(Math.abs(metres - 11_060.5) < 100, String(metres));
  assert.equal(metresBetween([109, 11.5], [109, 11.5]), 0);
});

test("the nearest come first, those without a point last and in their order", () => {
  const [far, none, near, other] = [at(109.5, 11.5), { geometry: null }, at(109.1, 11.5), {}];
  const { sorted, metres } = byDistance([none, far, near, other], [109, 11.5]);
  assert.deepEqual(sorted, [near, far, none, other]);
  assert.equal(metres.get(none), Number.POSITIVE_INFINITY);
});

test("distances are written as people of the language write numbers", () => {
  assert.equal(writeDistance(2_345, "vi"), "2,3 km");
  assert.equal(writeDistance(2_345, "en"), "2.3 km");
  assert.equal(writeDistance(12_600, "vi"), "13 km");
  assert.equal(writeDistance(9_980, "vi"), "10 km");
  assert.equal(writeDistance(3, "vi"), "0,1 km");
});
