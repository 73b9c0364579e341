import assert from "node:assert/strict";
import { test } from "node:test";
import { freePlace } from "../../../frontend/static/frontend/js/map/free-place.js";

// At zoom 9 a degree of longitude is 364 pixels.
const CANDIDATES = [
  [109, 11.5],
  [109.05, 11.5],
  [109.2, 11.5],
  [109.4, 11.5],
];

test("the first candidate that covers nothing is taken", () => {
  assert.deepEqual(freePlace(CANDIDATES, [], 9), [109, 11.5]);
  assert.deepEqual(freePlace(CANDIDATES, [[108, 11.5]], 9), [109, 11.5]);
  assert.deepEqual(freePlace(CANDIDATES, [[109, 11.5]], 9), [109.2, 11.5]);
  // To the north as to the east.
  assert.deepEqual(freePlace(CANDIDATES, [[109, 11.55]], 9), [109.2, 11.5]);
});

test("at a closer zoom places are farther apart", () => {
  assert.deepEqual(freePlace(CANDIDATES, [[109, 11.5]], 11), [109.05, 11.5]);
});

test("where everything is covered, the candidate farthest from all is taken", () => {
  const taken = [109, 109.1, 109.2, 109.38].map((lng) => [lng, 11.5]);
  assert.deepEqual(freePlace(CANDIDATES, taken, 9), [109.05, 11.5]);
});
