import assert from "node:assert/strict";
import { test } from "node:test";
import {
  distanceInMetres,
  distancesFrom,
  formatDistance,
} from "../../../frontend/static/frontend/js/map/distance.js";

function at(...coordinates) {
  return { geometry: { coordinates } };
}

test("distances agree with PostGIS to 1 %", () => {
  // ST_Distance of the two geographies: 11,054.9 m on the ellipsoid.
  const metres = distanceInMetres([109, 11.5], [109, 11.6]);
  assert.ok(Math.abs(metres - 11_060.5) < 100, String(metres));
  assert.equal(distanceInMetres([109, 11.5], [109, 11.5]), 0);
});

test("a product without a point is infinitely far", () => {
  const [far, none, near] = [at(109.5, 11.5), { geometry: null }, at(109.1, 11.5)];
  const distances = distancesFrom([none, far, near], [109, 11.5]);
  assert.ok(distances.get(near) < distances.get(far));
  assert.equal(distances.get(none), Number.POSITIVE_INFINITY);
});

test("distances are formatted in the language of the page", () => {
  assert.equal(formatDistance(2_345, "vi"), "2,3 km");
  assert.equal(formatDistance(2_345, "en"), "2.3 km");
  assert.equal(formatDistance(12_600, "vi"), "13 km");
  assert.equal(formatDistance(9_980, "vi"), "10 km");
  assert.equal(formatDistance(3, "vi"), "0,1 km");
});
