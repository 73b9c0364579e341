import assert from "node:assert/strict";
import { test } from "node:test";
import { WholeData } from "../../../frontend/static/frontend/js/map/data.js";
import { LoadError } from "../../../geodata/static/geodata/js/loader.js";

const SQUARE = [
  [109, 11],
  [110, 11],
  [110, 12],
  [109, 12],
  [109, 11],
];
const AREAS = [
  {
    id: "R-1",
    geometry: { type: "Polygon", coordinates: [SQUARE] },
    properties: { kind: "patent" },
  },
  { id: "R-2", geometry: null, properties: { kind: "trademark" } },
];

function product(id, name, coordinates) {
  return { id, geometry: { type: "Point", coordinates }, properties: { name } };
}
const PRODUCTS = [
  product("P-1", "Nho", [109.5, 11.5]),
  product("P-2", "Đậu", [108.5, 11.5]),
  product("P-3", "Dứa", [109.5, 11.6]),
];

/** Data whose requests are answered by answer(url, value) or fail(url). */
function makeData() {
  const requests = new Map();
  const load = (url) =>
    new Promise((resolve, reject) => {
      requests.set(url, { resolve, reject });
    });
  const data = new WholeData({ urls: { products: "/p", areas: "/a" }, rights: new Map(), load });
  return {
    data,
    requests,
    answer: (url, value) => requests.get(url).resolve(value),
    fail: (url) => requests.get(url).reject(new LoadError("offline")),
  };
}

test("products are in the order of the API, and found by code", async () => {
  const { data, answer } = makeData();
  const loaded = data.loadProducts();
  assert.equal(data.products, null);
  answer("/p", PRODUCTS);
  await loaded;
  assert.deepEqual(
    data.products.map(({ id }) => id),
    ["P-1", "P-2", "P-3"],
  );
  assert.equal(data.product("P-2").properties.name, "Đậu");
  assert.equal(data.product("P-9"), undefined);
});

test("areas are loaded once, and again after a failure", async () => {
  const { data, answer, fail } = makeData();
  let loaded = data.loadAreas();
  fail("/a");
  await assert.rejects(loaded, LoadError);
  assert.equal(data.areasRequested, false);
  loaded = data.loadAreas();
  answer("/a", AREAS);
  await loaded;
  assert.equal(data.areasRequested, true);
  assert.equal(data.area("R-1").kind, "patent");
  assert.equal(data.area("R-2"), undefined);
});

test("a failed request for products leaves none", async () => {
  const { data, fail } = makeData();
  const loaded = data.loadProducts();
  fail("/p");
  await assert.rejects(loaded, LoadError);
  assert.equal(data.products, null);
});
