import assert from "node:assert/strict";
import { test } from "node:test";
import {
  LARGE_OFFSETS,
  placeLabels,
  SMALL_OFFSETS,
  visibleLabels,
} from "../../../geodata/static/geodata/js/mapview/labels.js";

const NO_OFFSET = [[0, 0]];

test("labels move to a free offset or are hidden, and some may cover markers", () => {
  const box = { x: 0, y: 0, width: 10, height: 10 };
  const labels = [
    { ...box, offsets: NO_OFFSET },
    {
      ...box,
      offsets: [
        [0, 0],
        [0, 20],
      ],
    },
    { ...box, offsets: NO_OFFSET },
    { ...box, x: 50, offsets: NO_OFFSET, mayCoverMarkers: true },
    { ...box, x: 80, offsets: NO_OFFSET },
  ];
  const markers = [
    { ...box, x: 50 },
    { ...box, x: 80 },
  ];
  assert.deepEqual(placeLabels(labels, markers), [[0, 0], [0, 20], null, [0, 0], null]);
});

test("a label that the frame of the map would cut moves, or is hidden", () => {
  const offsets = [
    [0, 0],
    [30, 0],
  ];
  const label = { y: 50, width: 60, height: 10, offsets };
  const frame = { width: 200, height: 100 };
  const place = (x, y = 50) => placeLabels([{ ...label, x, y }], [], frame)[0];
  assert.deepEqual(place(100), [0, 0]);
  assert.deepEqual(place(10), [30, 0]);
  assert.equal(place(-10), null);
  assert.equal(place(190), null);
  assert.equal(place(100, 98), null);
});

test("no label is under what covers the map, not even one that may cover markers", () => {
  const offsets = [
    [0, 0],
    [0, 30],
  ];
  const label = { x: 50, y: 50, width: 60, height: 10, offsets, mayCoverMarkers: true };
  const button = { x: 50, y: 45, width: 44, height: 44 };
  assert.deepEqual(placeLabels([label], [], null, [button]), [[0, 30]]);
  const panel = { x: 50, y: 60, width: 44, height: 80 };
  assert.deepEqual(placeLabels([label], [], null, [panel]), [null]);
});

test("the name of an area is inside of it if possible, but covers no marker for that", () => {
  const offsets = [
    [0, 0],
    [-40, 0],
  ];
  // Land ends at x = 100.
  const label = { x: 90, y: 0, width: 40, height: 10, offsets, mayCoverMarkers: true };
  const named = { ...label, isInside: (x) => x <= 100 };
  assert.deepEqual(placeLabels([label]), [[0, 0]]);
  assert.deepEqual(placeLabels([named]), [[-40, 0]]);
  const marker = { x: 50, y: 0, width: 34, height: 34 };
  assert.deepEqual(placeLabels([named], [marker]), [[0, 0]]);
});

test("the name of an area without room inside of it is hidden", () => {
  const label = { x: 90, y: 0, width: 40, height: 10, offsets: [[0, 0]], mayCoverMarkers: true };
  // Three corners are outside, then two.
  assert.deepEqual(placeLabels([{ ...label, isInside: (x, y) => x < 90 && y < 0 }]), [null]);
  assert.deepEqual(placeLabels([{ ...label, isInside: (x) => x < 90 }]), [[0, 0]]);
});

test("a label among hundreds of markers moves where it covers least of them", () => {
  const size = { width: 34, height: 34 };
  const markers = Array.from({ length: 900 }, (_, i) => ({
    x: 40 * (i % 30),
    y: 40 * Math.floor(i / 30),
    ...size,
  }));
  const label = { x: 400, y: 400, width: 6, height: 6, mayCoverMarkers: true };
  const offsets = [
    [0, 0],
    [17, 0],
    [20, 20],
  ];
  assert.deepEqual(placeLabels([{ ...label, offsets }], markers), [[20, 20]]);
  // Without a free offset it covers as little as possible.
  assert.deepEqual(placeLabels([{ ...label, offsets: offsets.slice(0, 2) }], markers), [[17, 0]]);
  // One that may not cover markers is hidden, also where the centre of the marker is far away.
  const wide = { x: 400, y: 400, width: 10, height: 10, offsets: NO_OFFSET };
  assert.deepEqual(placeLabels([wide], [{ x: 600, y: 400, width: 400, height: 4 }]), [null]);
});

test("offsets are tried from the nearest to the farthest, and small areas have fewer", () => {
  const distances = LARGE_OFFSETS.map((offset) => Math.hypot(...offset));
  assert.deepEqual(
    distances,
    distances.toSorted((a, b) => a - b),
  );
  assert.deepEqual(LARGE_OFFSETS[0], [0, 0]);
  assert.ok(SMALL_OFFSETS.length < LARGE_OFFSETS.length);
  assert.ok(SMALL_OFFSETS.every((offset) => Math.hypot(...offset) < 17));
});

function label(key, options) {
  return { key, at: [109, 11.5], minZoom: 0, mayCoverMarkers: false, isBase: false, ...options };
}
const DISTRICT = label("minh hai", { mayCoverMarkers: true });
const COMMUNE = label("vinh hau", { minZoom: 11 });
const TOWN = label("phan lang", { isBase: true });
const SAME_TOWN = label("minh hai", { isBase: true });
const FAR = label("da lat", { at: [108, 12] });
const VIEW = { zoom: 12, contains: ([lng]) => lng > 108.5, tilesVisible: false };

test("labels in view from their zoom on are shown, areas before the base map", () => {
  const all = [TOWN, COMMUNE, FAR, DISTRICT];
  assert.deepEqual(visibleLabels(all, VIEW), [DISTRICT, COMMUNE, TOWN]);
  assert.deepEqual(visibleLabels(all, { ...VIEW, zoom: 10.5 }), [DISTRICT, TOWN]);
});

test("a town is not named twice: not beside its area, not on street tiles", () => {
  assert.deepEqual(visibleLabels([SAME_TOWN, TOWN, DISTRICT], VIEW), [DISTRICT, TOWN]);
  assert.deepEqual(visibleLabels([TOWN, DISTRICT], { ...VIEW, tilesVisible: true }), [DISTRICT]);
});
