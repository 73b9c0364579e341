import assert from "node:assert/strict";
import { test } from "node:test";
import {
  groupsOf,
  PagedData,
  readColumns,
} from "../../../frontend/static/frontend/js/map/paged-data.js";
import { readState } from "../../../frontend/static/frontend/js/map/state.js";
import { LoadError } from "../../../geodata/static/geodata/js/loader.js";

const COLUMNS = {
  scale: 100_000,
  origin: [108.9, 11.4],
  ids: ["P-1", "P-2", "P-3"],
  x: [10_000, 0, null],
  y: [0, 20_000, null],
  properties: {
    category_code: { values: ["I", "II"], rows: [0, 1, 0] },
    type: { values: ["grape", null], rows: [0, 1, 1] },
    stars: { values: [4, null], same_rows_as: "type" },
    district_code: { values: ["996"], rows: [0, 0, 0] },
    ocop_status: { values: ["valid", "none"], same_rows_as: "type" },
    producer_id: { values: ["C-1", "C-2"], rows: [0, 1, 1] },
  },
};
const DETAILS = [
  { id: "P-1", properties: { name: "Nho xanh", url: "https://example.org/1" } },
  { id: "P-2", properties: { name: "Tỏi đen", url: "https://example.org/2" } },
];

/** Data whose requests are recorded and answered; answers: beginning of the address → JSON. */
function makeData(answers = {}) {
  const requests = [];
  const load = async (url) => {
    requests.push(decodeURIComponent(url.replaceAll("+", " ")));
    const [, answer] = Object.entries({ "/columns": COLUMNS, ...answers }).findLast(([start]) =>
      url.startsWith(start),
    );
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const data = new PagedData({
    urls: { columns: "/columns", items: "/items", producers: "/producers", areas: "/areas" },
    rights: new Map(),
    types: { grape: ["Nho", "nho grape"] },
    texts: { product: "sản phẩm", producer: "chủ thể" },
    knownUnits: new Map([["996", { code: "996", points: [[109, 11.5]] }]]),
    load,
    loadAll: load,
  });
  return { data, requests };
}

async function loadedData(answers) {
  const made = makeData(answers);
  await made.data.loadProducts();
  made.requests.length = 0;
  return made;
}

const idsOf = (products) => products.map(({ id }) => id);

test("columns are read as products, with and without a position", () => {
  const [first, second, third] = readColumns(COLUMNS);

  assert.deepEqual(first, {
    id: "P-1",
    geometry: { type: "Point", coordinates: [109, 11.4] },
    properties: {
      code: "P-1",
      category_code: "I",
      type: "grape",
      stars: 4,
      district_code: "996",
      ocop_status: "valid",
      producer_id: "C-1",
    },
  });
  assert.deepEqual(second.geometry.coordinates, [108.9, 11.6]);
  assert.equal(second.properties.stars, null);
  assert.equal(third.geometry, null);
});

test("filters and their counts need no further request", async () => {
  const { data, requests } = await loadedData();

  const { matching, counts } = data.find(readState("?nhom=I"));

  assert.deepEqual(idsOf(matching), ["P-1", "P-3"]);
  assert.deepEqual(counts.category, { I: 2, II: 1 });
  assert.deepEqual(counts.producer, { "C-1": 1, "C-2": 1 });
  assert.deepEqual(requests, []);
});

test("the API searches a text once, and its order counts", async () => {
  const { data, requests } = await loadedData({ "/columns?q": { ids: ["P-3", "P-1"] } });

  const { matching } = await data.find(readState("?q=nho tươi"));
  const filtered = data.find(readState("?q=nho tươi&chu-the=C-1"));

  assert.deepEqual(idsOf(matching), ["P-3", "P-1"]);
  assert.deepEqual(idsOf(filtered.matching), ["P-1"]);
  assert.deepEqual(requests, ["/columns?q=nho tươi&properties=code"]);
  assert.deepEqual(data.blockingChoices(readState("?q=nho tươi&chu-the=C-9")), [
    ["producer", "C-9"],
  ]);
});

test("the names and days that an order needs are loaded once", async () => {
  const values = ["2028-01-01", null, "2027-01-01"];
  const { data, requests } = await loadedData({
    "/columns?sortby=name": { ids: ["P-3", "P-2", "P-1"] },
    "/columns?properties=rated_to": {
      ...COLUMNS,
      properties: {
        rated_to: { values, rows: [0, 1, 2] },
      },
    },
  });
  data.product("P-3").properties.ocop_status = "expiring";

  assert.deepEqual(idsOf((await data.find(readState("?sap-xep=ten"))).sorted), [
    "P-3",
    "P-2",
    "P-1",
  ]);
  assert.deepEqual(idsOf(data.find(readState("?sap-xep=ten&nhom=I")).sorted), ["P-3", "P-1"]);
  assert.deepEqual(idsOf((await data.find(readState("?sap-xep=han"))).sorted), [
    "P-3",
    "P-1",
    "P-2",
  ]);
  data.find(readState("?sap-xep=han&nhom=I"));
  assert.deepEqual(requests, [
    "/columns?sortby=name&properties=code",
    "/columns?properties=rated_to",
  ]);
  // These need the index only.
  assert.deepEqual(idsOf(data.find(readState("?sap-xep=sao")).sorted), ["P-1", "P-2", "P-3"]);
  assert.deepEqual(idsOf(data.find(readState("?gan=11.6,108.9")).sorted), ["P-2", "P-1", "P-3"]);
});

test("an area limits a search of the API too, and headings have no details", async () => {
  const { data, requests } = await loadedData({
    "/columns?q": { ids: ["P-3", "P-2", "P-1"] },
    "/items": DETAILS,
  });

  const { entries } = await data.find(readState("?q=nho&vung=108.99,11.3,109.1,11.55"));

  assert.deepEqual(
    entries.map(({ id, unit }) => id ?? unit.code),
    ["P-1", "996", "P-3"],
  );
  requests.length = 0;
  assert.equal(await data.withDetails(entries), entries);
  assert.deepEqual(requests, ["/items?filter=code IN ('P-1','P-3')&limit=2"]);
  assert.deepEqual(data.blockingChoices(readState("?q=nho&vung=100,1,101,2")), [
    ["area", "100,1,101,2"],
  ]);
});

test("a search that has failed can be repeated", async () => {
  const { data } = await loadedData({ "/columns?q": new LoadError("offline") });
  await assert.rejects(data.find(readState("?q=nho")), LoadError);
  await assert.rejects(data.find(readState("?q=nho")), LoadError);
});

test("products have the name of their type until they are displayed", async () => {
  const { data, requests } = await loadedData({ "/items": DETAILS });
  const products = data.products.slice(0, 2);
  assert.deepEqual(
    products.map(({ properties }) => properties.name),
    ["Nho", "sản phẩm"],
  );

  await data.withDetails(products);

  assert.equal(data.product("P-2").properties.name, "Tỏi đen");
  // What the index contains stays.
  assert.equal(data.product("P-2").properties.category_code, "II");
  assert.deepEqual(requests, ["/items?filter=code IN ('P-1','P-2')&limit=2"]);
  assert.equal(data.withDetails(products), products);
});

test("the codes of many products are sent in several requests that the API accepts", () => {
  const products = Array.from({ length: 250 }, (_, i) => ({ id: `NHIEU-OCOP-${10_000 + i}` }));

  const groups = groupsOf(products);

  assert.deepEqual(groups.flat(), products);
  assert.deepEqual(
    groups.map(({ length }) => length),
    [94, 94, 62],
  );
});

test("the API finds products and producers among which suggestions are chosen", async () => {
  const { data, requests } = await loadedData({
    "/items": { features: [{ id: "P-9", geometry: null, properties: { name: "Nho khô" } }] },
    "/producers": { features: [{ properties: { id: "C-1", name: "HTX Nho", products: 3 } }] },
  });

  const { products, entries } = await data.candidates("nho");

  assert.equal(products[0].searchedTexts[0], "Nho khô");
  const { filter, value, label, count } = entries[0];
  assert.deepEqual([filter, value, label, count], ["producer", "C-1", "HTX Nho", 3]);
  assert.deepEqual(requests, ["/items?q=nho&limit=12", "/producers?q=nho&limit=12"]);
  assert.deepEqual(await data.candidates("n"), { products: [], entries: [] });
});
