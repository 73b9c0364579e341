import assert from "node:assert/strict";
import { test } from "node:test";
import { TripData } from "../../../frontend/static/frontend/js/trip/stops.js";
import { LoadError } from "../../../geodata/static/geodata/js/loader.js";

const urls = { products: "/products", "sales-points": "/sales-points" };
const POINT = { type: "Point", coordinates: [109, 11.5] };
const FEATURES = {
  "/products": [
    { id: "A", geometry: POINT, properties: {} },
    { id: "B", geometry: null, properties: {} },
  ],
  "/sales-points": [{ id: "A", geometry: null, properties: {} }],
};
const KEYS = ["products:B", "products:A", "products:C", "other:A"];

test("a record that is not public is gone, and no request contains an id", async () => {
  const requested = [];
  const load = async (url) => {
    requested.push(url);
    return FEATURES[url];
  };
  const data = new TripData({ urls, load });
  assert.equal(await data.load(KEYS), "");
  await data.load(KEYS);
  const found = data.stops(KEYS).map(({ key, state, at }) => [key, state, at]);
  assert.deepEqual(found, [
    ["products:B", "found", null],
    ["products:A", "found", [109, 11.5]],
    ["products:C", "gone", null],
    ["other:A", "gone", null],
  ]);
  assert.deepEqual(requested, ["/products"]);
});

test("what could not be loaded is not gone, and is loaded later", async () => {
  let isOffline = true;
  const load = async (url) => {
    if (isOffline && url === "/products") throw new LoadError("offline");
    return FEATURES[url];
  };
  const data = new TripData({ urls, load });
  const keys = ["products:A", "sales-points:A"];
  assert.equal(await data.load(keys), "offline");
  const states = () => data.stops(keys).map(({ state }) => state);
  assert.deepEqual(states(), ["unknown", "found"]);
  isOffline = false;
  assert.equal(await data.load(keys), "");
  assert.deepEqual(states(), ["found", "found"]);
});
