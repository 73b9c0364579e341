import assert from "node:assert/strict";
import { test } from "node:test";
import {
  buildIndex,
  clustersInView,
  expansionZoom,
  productsOf,
} from "../../../frontend/static/frontend/js/map/clusters.js";

const MAX_ZOOM = 18;
const WORLD = [-180, -85, 180, 85];

function product(id, coordinates, category_code = null) {
  return {
    id,
    geometry: coordinates && { type: "Point", coordinates },
    properties: { category_code },
  };
}
const SAME_SPOT = [product("a", [109, 11.5], "I"), product("b", [109, 11.5])];
const FAR = product("c", [109.4, 11.8], "II");
const INDEX = buildIndex([...SAME_SPOT, FAR, product("d", null)], MAX_ZOOM);

test("products whose markers overlap are a cluster with the number of each group", () => {
  const [cluster] = clustersInView(INDEX, WORLD, 12).filter(({ id }) => id);
  assert.equal(cluster.count, 2);
  assert.deepEqual(cluster.groups, { I: 1, none: 1 });
  assert.deepEqual(productsOf(INDEX, cluster.id), SAME_SPOT);
});

test("other products are by themselves, those without a point are left out", () => {
  const products = clustersInView(INDEX, WORLD, 12).flatMap(({ product }) => product ?? []);
  assert.deepEqual(products, [FAR]);
});

test("products at one spot are a cluster at the last zoom too, which no zoom splits", () => {
  const [cluster] = clustersInView(INDEX, WORLD, MAX_ZOOM).filter(({ id }) => id);
  assert.ok(expansionZoom(INDEX, cluster.id) > MAX_ZOOM);
});

test("only what is in the box is returned", () => {
  assert.deepEqual(
    clustersInView(INDEX, [109.3, 11.7, 109.5, 11.9], 12).map(({ product }) => product),
    [FAR],
  );
});
