import assert from "node:assert/strict";
import { test } from "node:test";
import {
  borderLines,
  bounds,
  covers,
  coverTest,
  labelPoint,
  ringOffsets,
} from "../../geodata/static/geodata/js/geometry.js";

function square(west, south, size) {
  return [
    [west, south],
    [west + size, south],
    [west + size, south + size],
    [west, south + size],
    [west, south],
  ];
}

const HOLED = { type: "Polygon", coordinates: [square(0, 0, 10), square(4, 4, 2)] };
const ISLANDS = { type: "MultiPolygon", coordinates: [[square(0, 0, 1)], [square(5, 5, 3)]] };
// A U: its centroid is in the gap.
const BENT = {
  type: "Polygon",
  coordinates: [
    [
      [0, 0],
      [9, 0],
      [9, 9],
      [6, 9],
      [6, 2],
      [3, 2],
      [3, 9],
      [0, 9],
      [0, 0],
    ],
  ],
};

test("a polygon covers its inside without its holes", () => {
  assert.ok(covers(HOLED, [1, 1]));
  assert.ok(!covers(HOLED, [5, 5]));
  assert.ok(!covers(HOLED, [11, 5]));
});

test("a horizontal line through a vertex crosses the ring once", () => {
  const diamond = {
    type: "Polygon",
    coordinates: [
      [
        [0, 1],
        [1, 0],
        [2, 1],
        [1, 2],
        [0, 1],
      ],
    ],
  };
  assert.ok(covers(diamond, [1, 1]));
  assert.ok(!covers(diamond, [-1, 1]));
  assert.ok(!covers(diamond, [3, 1]));
});

test("every polygon of a MultiPolygon is considered", () => {
  assert.ok(covers(ISLANDS, [0.5, 0.5]));
  assert.ok(covers(ISLANDS, [6, 6]));
  assert.ok(!covers(ISLANDS, [3, 3]));
});

test("bounds contain all polygons", () => {
  assert.deepEqual(bounds(ISLANDS), [0, 0, 8, 8]);
});

test("the point of a label is inside the largest polygon", () => {
  assert.ok(covers(BENT, labelPoint(BENT)));
  assert.ok(labelPoint(ISLANDS)[0] > 5);
});

test("a border between two polygons is drawn once, apart from the outer ones", () => {
  const west = { type: "Polygon", coordinates: [square(0, 0, 1)] };
  const east = { type: "Polygon", coordinates: [square(1, 0, 1)] };
  const { shared, outer } = borderLines([west, east]);
  assert.deepEqual(shared.coordinates, [
    [
      [1, 0],
      [1, 1],
    ],
  ]);
  assert.deepEqual(outer.coordinates, [
    [
      [0, 0],
      [1, 0],
    ],
    [
      [1, 1],
      [0, 1],
      [0, 0],
    ],
    [
      [1, 0],
      [2, 0],
      [2, 1],
      [1, 1],
    ],
  ]);
});

test("all borders of a single polygon are outer ones", () => {
  const { shared, outer } = borderLines([HOLED]);
  assert.deepEqual(shared.coordinates, []);
  assert.deepEqual(outer.coordinates, HOLED.coordinates);
});

test("offsets of a ring keep the gap to each other and to the centre", () => {
  const gap = 48;
  for (let count = 2; count <= 12; count++) {
    const offsets = ringOffsets(count, gap);
    assert.equal(offsets.length, count);
    for (const [i, [x, y]] of offsets.entries()) {
      assert.ok(Math.hypot(x, y) >= gap - 1e-9);
      for (const [u, v] of offsets.slice(i + 1)) assert.ok(Math.hypot(x - u, y - v) >= gap - 1e-9);
    }
  }
});

test("many points are tested as one is", () => {
  for (const area of [HOLED, ISLANDS, BENT]) {
    const isCovered = coverTest(area);
    for (let x = -0.5; x < 11; x++) {
      for (let y = -0.5; y < 11; y++) assert.equal(isCovered([x, y]), covers(area, [x, y]));
    }
  }
});
