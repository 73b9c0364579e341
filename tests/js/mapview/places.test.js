import assert from "node:assert/strict";
import { test } from "node:test";
import { comparePlaces, PlaceLayer } from "../../../geodata/static/geodata/js/mapview/places.js";

function places(...keys) {
  return keys.map((key) => ({ key, at: [109, 11.5], element: {}, label: key }));
}

test("places are compared by key", () => {
  const [b, c] = places("b", "c");
  assert.deepEqual(comparePlaces(["a", "b"], [b, c]), {
    removed: ["a"],
    added: [c],
    unchanged: [b],
  });
  assert.deepEqual(comparePlaces([], []), { removed: [], added: [], unchanged: [] });
});

/** A PlaceLayer with a fake Leaflet; `shown` are the labels of the markers on the map. */
function makeLayer() {
  const shown = new Set();
  const classes = new Set();
  const classList = {
    contains: (name) => classes.has(name),
    toggle: (name, force) => (force ? classes.add(name) : classes.delete(name)),
  };
  const L = {
    divIcon: () => ({}),
    marker: (_at, options) => ({
      options,
      addTo: () => shown.add(options.title),
      remove: () => shown.delete(options.title),
      getElement: () => ({
        classList: { contains: () => false, toggle: () => {} },
        contains: (element) => element === options.title,
        querySelector: () => null,
      }),
      setZIndexOffset: () => {},
      getLatLng: () => ({ lat: 11.5, lng: 109 }),
    }),
  };
  let steps = [];
  const runAll = () => {
    for (const step of steps.splice(0)) step();
  };
  const queue = {
    setUrgent: (urgent) => {
      steps = [...urgent];
    },
    runUrgent: runAll,
    request: () => {},
  };
  const map = { getContainer: () => ({ classList }), options: {} };
  return { layer: new PlaceLayer({ L, map, queue }), shown, classes, runAll };
}

test("few places are shown at once", () => {
  const { layer, shown, classes } = makeLayer();
  layer.show(places("a", "b"));
  assert.deepEqual([...shown], ["a", "b"]);
  layer.show(places("b", "c"));
  assert.deepEqual([...shown], ["b", "c"]);
  assert.equal(layer.positions.length, 2);
  assert.ok(!classes.has("is-crowded"));
});

test("a crowd waits for its frames, and a later call replaces it", () => {
  const { layer, shown, classes, runAll } = makeLayer();
  const crowd = places(...Array.from({ length: 61 }, (_, i) => `place ${i}`));
  layer.show(crowd);
  assert.equal(shown.size, 0);
  assert.ok(classes.has("is-crowded"));
  layer.show(places("a"));
  runAll();
  assert.deepEqual([...shown], ["a"]);
});

test("a crowd is removed during a zoom, except the place with the focus, and comes back", () => {
  const { layer, shown, runAll } = makeLayer();
  layer.show(places(...Array.from({ length: 61 }, (_, i) => `place ${i}`)));
  runAll();
  assert.equal(shown.size, 61);
  globalThis.document = { activeElement: "place 7" };
  layer.removeCrowd();
  runAll();
  assert.deepEqual([...shown], ["place 7"]);
  layer.restore();
  runAll();
  assert.equal(shown.size, 61);
  delete globalThis.document;
});

test("few places stay during a zoom", () => {
  const { layer, shown, runAll } = makeLayer();
  layer.show(places("a", "b"));
  layer.removeCrowd();
  runAll();
  assert.deepEqual([...shown], ["a", "b"]);
});
