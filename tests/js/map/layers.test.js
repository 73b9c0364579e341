import assert from "node:assert/strict";
import { test } from "node:test";
import {
  colourOf,
  countByUnit,
  makeClasses,
} from "../../../frontend/static/frontend/js/map/choropleth.js";
import {
  PLAIN,
  readLayers,
  writeLayers,
} from "../../../frontend/static/frontend/js/map/layer-state.js";
import { featuresAt, unitCountLabel } from "../../../frontend/static/frontend/js/map/point-info.js";

const POINT = { type: "Point", coordinates: [109, 11.5] };

function product(commune_code, geometry = POINT) {
  return { geometry, properties: { commune_code } };
}

test("without parameters districts are visible, and all layers are read and written again", () => {
  const defaults = { visible: ["district"], choropleth: "", basemap: "" };
  assert.deepEqual(readLayers({ layers: "" }), defaults);
  for (const visible of [["district"], [], ["commune"], ["district", "right"]]) {
    for (const choropleth of ["", "oldCommune"]) {
      const layers = { visible, choropleth, basemap: PLAIN };
      assert.deepEqual(readLayers(writeLayers(layers)), layers);
    }
  }
  assert.deepEqual(writeLayers(defaults), { layers: "", choropleth: "", basemap: "" });
});

test("the address contains Vietnamese names of layers", () => {
  const layers = { visible: ["oldCommune", "right"], choropleth: "commune", basemap: PLAIN };
  const written = { layers: "xa-cu.bao-ho", choropleth: "xa", basemap: "trang" };
  assert.deepEqual(writeLayers(layers), written);
  assert.equal(writeLayers({ ...layers, visible: [] }).layers, "khong");
});

test("unknown layers are ignored, and only units can be coloured", () => {
  const wrong = { layers: "huyen.duong.xa", choropleth: "toString", basemap: "ve-tinh" };
  const read = { visible: ["district", "commune"], choropleth: "", basemap: "" };
  assert.deepEqual(readLayers(wrong), read);
  assert.equal(readLayers({ choropleth: "bao-ho" }).choropleth, "");
});

test("products are counted by unit, also those without a point or without a unit", () => {
  const products = [product("1"), product("1", null), product("2"), product(null, null)];
  assert.deepEqual(
    [...countByUnit(products, "commune_code")],
    [
      ["1", { count: 2, unlocated: 1 }],
      ["2", { count: 1, unlocated: 0 }],
      [null, { count: 1, unlocated: 1 }],
    ],
  );
});

test("few different counts have a class each, and zero has none", () => {
  const classes = makeClasses([0, 3, 1, 0, 3]);
  assert.deepEqual(classes, [
    [1, 1],
    [3, 3],
  ]);
  assert.deepEqual(
    [0, 1, 3].map((count) => colourOf(count, classes)),
    [0, 3, 5],
  );
  assert.deepEqual(makeClasses([0, 0]), []);
});

test("many counts share five classes of about the same size", () => {
  const counts = [1, 1, 2, 2, 3, 4, 5, 6, 8, 900];
  const classes = makeClasses(counts);
  assert.deepEqual(classes, [
    [1, 1],
    [2, 2],
    [3, 4],
    [5, 6],
    [8, 900],
  ]);
  assert.deepEqual(
    counts.map((count) => colourOf(count, classes)),
    [1, 1, 2, 2, 3, 3, 4, 4, 5, 5],
  );
});

test("features cover a position only if their area is known", () => {
  const square = (west) => ({
    type: "Polygon",
    coordinates: [
      [
        [west, 0],
        [west + 2, 0],
        [west + 2, 2],
        [west, 2],
        [west, 0],
      ],
    ],
  });
  const rights = [
    { id: "west", geometry: square(0) },
    { id: "unknown", geometry: null },
    { id: "east", geometry: square(1) },
  ];
  const here = (at) => featuresAt(rights, at).map(({ id }) => id);
  assert.deepEqual(here([0.5, 1]), ["west"]);
  assert.deepEqual(here([1.5, 1]), ["west", "east"]);
  assert.deepEqual(here([9, 9]), []);
});

test("the text of a unit contains its count, and how many products have no point", () => {
  const texts = {
    unit_none: "{name}: 0",
    unit_one: "{name}: 1",
    unit_some: "{name}: {count}",
    unlocated: "{text}, {count} without a point",
  };
  globalThis.document = { documentElement: { lang: "vi" } };
  const unit = { properties: { code: "1", name: "Vĩnh Hậu", kind: "xã" } };
  const label = (count, unlocated) =>
    unitCountLabel(unit, new Map([["1", { count, unlocated }]]), texts);
  assert.equal(label(3, 0), "Xã Vĩnh Hậu: 3");
  assert.equal(label(1, 1), "Xã Vĩnh Hậu: 1, 1 without a point");
  assert.equal(unitCountLabel(unit, new Map(), texts), "Xã Vĩnh Hậu: 0");
  delete globalThis.document;
});
