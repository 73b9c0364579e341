import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestShop, shopLabel } from "../../../frontend/static/frontend/js/map/nearest-shop.js";

// The same cases as in tests/frontend/test_nearest_shop.py.
function shop(id, lng, properties) {
  const geometry = lng && { type: "Point", coordinates: [lng, 11.5] };
  return { id, geometry, properties: { sells: true, producer_id: null, ...properties } };
}
const OWN = { producer_id: "P-1" };
const SHOPS = [
  shop("only shows", 109, { sells: false, ...OWN }),
  shop("nowhere", null, OWN),
  shop("far", 109.2),
  shop("near", 109.1),
];
const AT = [109, 11.5];
const TEXTS = {
  language: "vi",
  nearest_shop: "{distance}",
  nearest_shop_rough: "about {distance}",
  own_shop: "own {distance}",
};
const PRODUCT = { properties: { position: "address" } };

test("the nearest place that sells and has a point", () => {
  const { shop: nearest, metres, isOwn } = nearestShop({ at: AT, producerId: "P-1" }, SHOPS);
  assert.deepEqual([nearest.id, isOwn], ["near", false]);
  assert.ok(Math.abs(metres - 10_896) < 50, String(metres));
});

test("a place of the producer is preferred to a nearer one", () => {
  const shops = [...SHOPS, shop("own", 109.15, OWN)];
  const found = nearestShop({ at: AT, producerId: "P-1" }, shops);
  assert.deepEqual([found.shop.id, found.isOwn], ["own", true]);
  assert.equal(shopLabel(PRODUCT, found, TEXTS), "own 16 km");
  // Without a producer no place is its own.
  assert.equal(nearestShop({ at: AT, producerId: null }, shops).shop.id, "near");
});

test("there is no distance without a product's point, or without a shop", () => {
  assert.equal(nearestShop({ at: undefined, producerId: null }, SHOPS), null);
  assert.equal(nearestShop({ at: AT, producerId: null }, SHOPS.slice(0, 2)), null);
});

test("positions of communes give a rough distance, of a kilometre at least", () => {
  const inCommune = { properties: { position: "commune" } };
  const found = nearestShop({ at: AT, producerId: null }, [shop("here", 109.0001)]);
  assert.equal(shopLabel(PRODUCT, found, TEXTS), "0,1 km");
  assert.equal(shopLabel(inCommune, found, TEXTS), "about 1,0 km");
});
