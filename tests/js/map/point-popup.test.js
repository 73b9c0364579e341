import assert from "node:assert/strict";
import { test } from "node:test";
import {
  LAYERS,
  readLayers,
  writeLayers,
} from "../../../frontend/static/frontend/js/map/layer-state.js";
import { popupRows, spotsOf } from "../../../frontend/static/frontend/js/map/point-popup.js";
import { entriesOf, suggestionsFor } from "../../../frontend/static/frontend/js/map/suggest.js";

const FIELDS = [
  ["goods", "Nông sản", {}],
  ["state", "Tình trạng", { open: "mở cửa" }],
  ["commune", "Xã", {}],
];

test("a popup has the properties with a value, codes as their titles", () => {
  const properties = { goods: "nho", state: "open", commune: null };
  assert.deepEqual(popupRows(properties, FIELDS), [
    ["Nông sản", "nho"],
    ["Tình trạng", "mở cửa"],
  ]);
});

test("a layer of points has its name in the address, and unknown layers are ignored", () => {
  const layers = { ...LAYERS, "packing-houses": "packing-houses" };
  const { visible } = readLayers({ layers: "huyen.packing-houses.x" }, layers);
  assert.deepEqual(visible, ["district", "packing-houses"]);
  const written = writeLayers({ visible, choropleth: "", basemap: "" }, layers);
  assert.equal(written.layers, "huyen.packing-houses");
  assert.deepEqual(readLayers({ layers: "huyen.packing-houses" }).visible, ["district"]);
});

test("features of layers of points are suggested with the name of the layer", () => {
  const index = {
    ...{ huyen: [], xa: [], "xa-cu": [], "bao-ho": [], "chu-the": [], kinds: {}, rights: {} },
    points: { "packing-houses": [["PACK-001", "Nhà đóng gói Hòa Bình", [108.9, 11.6]]] },
  };
  const entries = entriesOf(index, {}, { "packing-houses": "Cơ sở đóng gói" });
  const [found] = suggestionsFor(entries, [], "hoa binh", {});
  const { filter, layer, value, kind, at } = found;
  assert.deepEqual(
    [filter, layer, value, kind, at],
    ["point", "packing-houses", "PACK-001", "Cơ sở đóng gói", [108.9, 11.6]],
  );
});

test("features at one position are one spot, and those without a point are none", () => {
  const feature = (id, coordinates) => ({ id, geometry: coordinates && { coordinates } });
  const features = [
    feature("A", [109, 11.5]),
    feature("B", null),
    feature("C", [109, 11.6]),
    feature("D", [109, 11.5]),
  ];
  assert.deepEqual(
    spotsOf(features).map((spot) => spot.map(({ id }) => id)),
    [["A", "D"], ["C"]],
  );
});

test("a name leads to a point, a unit or a record, and is found without diacritics", () => {
  const source = ["GeoNames", "https://example.org/"];
  const index = {
    ...{ huyen: [], xa: [], "xa-cu": [], "bao-ho": [], "chu-the": [], kinds: {}, rights: {} },
    places: [
      [
        "DD-1",
        "Vĩnh Giả",
        "địa danh, khoảng: cả xã An",
        null,
        ["commune", "82"],
        [1, 2, 3, 4],
        null,
      ],
      ["DD-2", "Hang Vinh", "địa danh", [109, 11.5], null, null, ["sales-points", "DB-1"]],
    ].map((row) => [...row, ...source]),
  };
  const found = suggestionsFor(entriesOf(index, {}), [], "vinh gia", {});
  assert.deepEqual(
    found.map(({ filter, label, kind, unit, box }) => [filter, label, kind, unit, box]),
    [["place", "Vĩnh Giả", "địa danh, khoảng: cả xã An", ["commune", "82"], [1, 2, 3, 4]]],
  );
  const [record] = suggestionsFor(entriesOf(index, {}), [], "hang", {});
  assert.deepEqual([record.record, record.source.url], [["sales-points", "DB-1"], source[1]]);
});
