import assert from "node:assert/strict";
import { test } from "node:test";
import { covering, readLayers, writeLayers } from "../../frontend/static/frontend/js/layers.js";
import { classesOf, classFor, countByUnit } from "../../frontend/static/frontend/js/shades.js";

const POINT = { type: "Point", coordinates: [109, 11.5] };

function product(commune_code, geometry = POINT) {
  return { geometry, properties: { commune_code } };
}

test("without a word the districts are on, and every other choice comes back from its words", () => {
  assert.deepEqual(readLayers({ lop: "" }), { on: ["huyen"], shades: "", ground: "" });
  for (const on of [["huyen"], [], ["xa"], ["huyen", "bao-ho"], ["xa-cu", "xa"]]) {
    for (const shades of ["", "xa-cu"]) {
      const layers = { on, shades, ground: "trang" };
      assert.deepEqual(readLayers(writeLayers(layers)), layers);
    }
  }
  assert.deepEqual(writeLayers({ on: ["huyen"], shades: "", ground: "" }), {
    lop: "",
    "to-mau": "",
    nen: "",
  });
});

test("layers that there are not are passed over", () => {
  const wrong = { lop: "huyen.duong.xa", "to-mau": "toString", nen: "ve-tinh" };
  assert.deepEqual(readLayers(wrong), { on: ["huyen", "xa"], shades: "", ground: "" });
});

test("products are counted by unit, those without a point and without a unit too", () => {
  const products = [product("1"), product("1", null), product("2"), product(null, null)];
  assert.deepEqual(
    [...countByUnit(products, "commune_code")],
    [
      ["1", { count: 2, pointless: 1 }],
      ["2", { count: 1, pointless: 0 }],
      [null, { count: 1, pointless: 1 }],
    ],
  );
});

test("few different counts have a class each, and none is no class", () => {
  const classes = classesOf([0, 3, 1, 0, 3]);
  assert.deepEqual(classes, [
    [1, 1],
    [3, 3],
  ]);
  assert.deepEqual(
    [0, 1, 3].map((count) => classFor(count, classes)),
    [0, 3, 5],
  );
  assert.deepEqual(classesOf([0, 0]), []);
});

test("many counts share five classes, and a city does not push all others into the lowest", () => {
  const counts = [1, 1, 2, 2, 3, 4, 5, 6, 8, 900];
  const classes = classesOf(counts);
  assert.deepEqual(classes, [
    [1, 1],
    [2, 2],
    [3, 4],
    [5, 6],
    [8, 900],
  ]);
  assert.deepEqual(
    counts.map((count) => classFor(count, classes)),
    [1, 1, 2, 2, 3, 3, 4, 4, 5, 5],
  );
});

test("a right covers a position only with an area that is known", () => {
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
  const here = (at) => covering(rights, at).map(({ id }) => id);
  assert.deepEqual(here([0.5, 1]), ["west"]);
  assert.deepEqual(here([1.5, 1]), ["west", "east"]);
  assert.deepEqual(here([9, 9]), []);
});
