import assert from "node:assert/strict";
import { test } from "node:test";
import { TileLayer } from "../../../geodata/static/geodata/js/mapview/tiles.js";

/** A TileLayer with a Leaflet layer whose events are fired by the test. */
function makeTiles({ tiles: address = "https://tiles.example.org/{z}/{x}/{y}.png" } = {}) {
  const listeners = {};
  const layer = {
    isOnMap: false,
    on: (name, listener) => {
      listeners[name] = listener;
    },
    fire: (name) => listeners[name](),
    addTo: () => {
      layer.isOnMap = true;
      layer.fire("add");
    },
    remove: () => {
      if (!layer.isOnMap) return;
      layer.isOnMap = false;
      layer.fire("remove");
    },
  };
  const visibility = [];
  let refused = 0;
  const tiles = new TileLayer({
    L: { tileLayer: () => layer },
    map: {},
    settings: { tiles: address },
    onVisible: (visible) => visibility.push(visible),
  });
  const show = (wanted) =>
    tiles.show(wanted, () => {
      refused += 1;
    });
  return { tiles, layer, show, visibility, refused: () => refused };
}

test("without an address of tiles nothing is added to the map", () => {
  const { tiles, layer, show } = makeTiles({ tiles: "" });
  show(true);
  tiles.showWithControl();
  assert.equal(layer.isOnMap, false);
  show(false);
});

test("tiles are visible after the first one has loaded", () => {
  const { tiles, layer, show, visibility } = makeTiles();
  show(true);
  assert.equal(tiles.visible, false);
  layer.fire("tileload");
  layer.fire("tileload");
  assert.equal(tiles.visible, true);
  show(false);
  assert.equal(tiles.visible, false);
  assert.deepEqual(visibility, [true, false]);
});

test("after four errors without a tile the layer is removed", () => {
  const { layer, show, refused } = makeTiles();
  show(true);
  for (let i = 0; i < 3; i++) layer.fire("tileerror");
  assert.equal(layer.isOnMap, true);
  layer.fire("tileerror");
  assert.equal(layer.isOnMap, false);
  assert.equal(refused(), 1);
});

test("errors after a tile has loaded do not remove the layer", () => {
  const { layer, show, refused } = makeTiles();
  show(true);
  layer.fire("tileload");
  for (let i = 0; i < 10; i++) layer.fire("tileerror");
  assert.equal(layer.isOnMap, true);
  assert.equal(refused(), 0);
});

test("the errors are counted from zero when the layer is shown again", () => {
  const { layer, show, refused } = makeTiles();
  for (let i = 0; i < 2; i++) {
    show(true);
    for (let j = 0; j < 3; j++) layer.fire("tileerror");
    show(false);
  }
  assert.equal(refused(), 0);
});
