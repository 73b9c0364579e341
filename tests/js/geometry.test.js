import assert from "node:assert/strict";
import { test } from "node:test";
import {
  bounds,
  covers,
  labelPoint,
  linesOnce,
  placeLabels,
  ring,
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
// A U: its centroid lies in the gap.
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

test("a polygon covers what is inside and not in a hole", () => {
  assert.ok(covers(HOLED, [1, 1]));
  assert.ok(!covers(HOLED, [5, 5]));
  assert.ok(!covers(HOLED, [11, 5]));
});

test("a level line through a vertex counts it once", () => {
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

test("every part of a multipolygon counts", () => {
  assert.ok(covers(ISLANDS, [0.5, 0.5]));
  assert.ok(covers(ISLANDS, [6, 6]));
  assert.ok(!covers(ISLANDS, [3, 3]));
});

test("bounds hold all parts", () => {
  assert.deepEqual(bounds(ISLANDS), [0, 0, 8, 8]);
});

test("a name stands inside, in the largest part", () => {
  assert.ok(covers(BENT, labelPoint(BENT)));
  assert.ok(labelPoint(ISLANDS)[0] > 5);
});

test("a line between neighbours is drawn once", () => {
  const west = {
    type: "Polygon",
    coordinates: [
      [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 1],
        [0, 0],
      ],
    ],
  };
  const east = {
    type: "Polygon",
    coordinates: [
      [
        [1, 0],
        [2, 0],
        [2, 1],
        [1, 1],
        [1, 0],
      ],
    ],
  };
  const { coordinates } = linesOnce([west, east]);
  assert.deepEqual(coordinates, [
    [
      [0, 0],
      [1, 0],
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

test("labels step aside or give way, and insist only against markers", () => {
  const box = { x: 0, y: 0, width: 10, height: 10 };
  const labels = [
    { ...box, moves: [[0, 0]] },
    {
      ...box,
      moves: [
        [0, 0],
        [0, 20],
      ],
    },
    { ...box, moves: [[0, 0]] },
    { ...box, x: 50, moves: [[0, 0]], insists: true },
    { ...box, x: 80, moves: [[0, 0]] },
  ];
  const markers = [
    { ...box, x: 50 },
    { ...box, x: 80 },
  ];
  assert.deepEqual(placeLabels(labels, markers), [[0, 0], [0, 20], null, [0, 0], null]);
});

test("a label among hundreds of markers steps where it hides least of them", () => {
  const size = { width: 34, height: 34 };
  const markers = Array.from({ length: 900 }, (_, i) => ({
    x: 40 * (i % 30),
    y: 40 * Math.floor(i / 30),
    ...size,
  }));
  const label = { x: 400, y: 400, width: 6, height: 6, insists: true };
  const moves = [
    [0, 0],
    [17, 0],
    [20, 20],
  ];
  assert.deepEqual(placeLabels([{ ...label, moves }], markers), [[20, 20]]);
  // Where it must hide something, as little as it can.
  assert.deepEqual(placeLabels([{ ...label, moves: moves.slice(0, 2) }], markers), [[17, 0]]);
  // One that does not insist hides nothing, also when the marker's middle is far off.
  const wide = { x: 400, y: 400, width: 10, height: 10, moves: [[0, 0]] };
  assert.deepEqual(placeLabels([wide], [{ x: 600, y: 400, width: 400, height: 4 }]), [null]);
});

test("places of one spot stand around it, none on another and none on the spot", () => {
  const gap = 48;
  for (let count = 2; count <= 12; count++) {
    const places = ring(count, gap);
    assert.equal(places.length, count);
    for (const [i, [x, y]] of places.entries()) {
      assert.ok(Math.hypot(x, y) >= gap - 1e-9);
      for (const [u, v] of places.slice(i + 1)) assert.ok(Math.hypot(x - u, y - v) >= gap - 1e-9);
    }
  }
});
