import assert from "node:assert/strict";
import { test } from "node:test";
import { ProductMap } from "../../../frontend/static/frontend/js/map/product-map.js";

const TEXTS = {
  cluster: "{count} products",
  unit_badge: "{count} in {unit}",
  near_me: "you",
  stars: "{count} stars",
};

function product(id, coordinates) {
  const geometry = coordinates && { type: "Point", coordinates };
  return { id, geometry, properties: { name: id, stars: null, category_code: "I" } };
}
const SAME_SPOT = ["a", "b"].map((id) => product(id, [109, 11.5]));
const FAR = product("c", [109.4, 11.8]);

/** A ProductMap with a fake view at a zoom. */
function makeMap({ selection = {}, zoom = 18, units = [] } = {}) {
  const view = {
    zoom,
    maxZoom: 18,
    bounds: [-180, -85, 180, 85],
    onMove: () => {},
    showPlaces: (places) => {
      view.places = places;
    },
    openRing: (_at, _key, places) => {
      view.ring = places.map(({ label }) => label);
    },
    goTo: (_at, to) => {
      view.zoomedTo = to;
    },
  };
  const opened = [];
  const unplaced = [];
  const map = new ProductMap({
    texts: TEXTS,
    getSelection: () => selection,
    onOpenProduct: ({ id }) => opened.push(id),
    onOpenSpot: ({ id }, { isRing }) => opened.push(`spot of ${id}, ring: ${isRing}`),
    knownUnits: new Map(units),
    onUnplaced: (products) => unplaced.push(products.map(({ id }) => id)),
  });
  map.attach(view);
  const labels = () => view.places.map(({ label }) => label).sort();
  const press = (label) => view.places.find((place) => place.label === label).onSelect();
  return { map, view, opened, unplaced, labels, press };
}

test("products are markers, those at one spot a cluster", () => {
  const { map, labels, opened, press } = makeMap();
  map.setProducts([...SAME_SPOT, FAR]);
  assert.deepEqual(labels(), ["2 products", "c"]);
  press("c");
  assert.deepEqual(opened, ["c"]);
});

test("the selected product is drawn by itself, also if it is in a cluster or filtered out", () => {
  const { map, view } = makeMap({ selection: { product: SAME_SPOT[0] } });
  for (const products of [SAME_SPOT, [FAR]]) {
    map.setProducts(products);
    const selected = view.places.filter((place) => place.selected);
    assert.deepEqual(
      selected.map(({ label, front }) => [label, front]),
      [["a", true]],
    );
  }
});

test("the selected product is drawn once", () => {
  const { map, labels } = makeMap({ selection: { product: FAR } });
  map.setProducts([FAR]);
  assert.deepEqual(labels(), ["c"]);
});

test("products known only to a unit are a badge, never in a cluster, and the others a line", () => {
  const inUnit = ["d", "e"].map((id) => product(id, null));
  for (const { properties } of inUnit) {
    Object.assign(properties, { district_code: "901", district: "huyện Minh Phước" });
  }
  const units = [
    [
      "901",
      {
        code: "901",
        points: [
          [109, 11.5],
          [109.3, 11.5],
        ],
      },
    ],
  ];
  const { map, view, labels, opened, unplaced, press } = makeMap({
    zoom: 8,
    units,
    selection: { product: inUnit[1] },
  });
  map.setProducts([...SAME_SPOT, ...inUnit, product("nowhere", null)]);
  assert.deepEqual(labels(), ["2 in huyện Minh Phước", "2 products"]);
  assert.deepEqual(unplaced, [["nowhere"]]);
  const badge = view.places.find(({ label }) => label.includes("Minh Phước"));
  assert.deepEqual([badge.at, badge.selected], [[109.3, 11.5], true]);
  press(badge.label);
  assert.deepEqual(opened, ["spot of d, ring: false"]);
});

test("the position of the user is on the map", () => {
  const { map, labels } = makeMap({ selection: { userPosition: [109, 11] } });
  map.setProducts([]);
  assert.deepEqual(labels(), ["you"]);
});

test("a cluster zooms in, and at one spot opens a ring and the panel", () => {
  const near = product("d", [109.01, 11.5]);
  const split = makeMap({ zoom: 8 });
  split.map.setProducts([SAME_SPOT[0], near]);
  split.press("2 products");
  assert.ok(split.view.zoomedTo > 8);
  assert.deepEqual(split.opened, []);

  const spot = makeMap();
  spot.map.setProducts(SAME_SPOT);
  spot.press("2 products");
  assert.deepEqual(spot.view.ring, ["a", "b"]);
  assert.deepEqual(spot.opened, ["spot of a, ring: true"]);
});

test("more than twelve products at one spot are in the panel only", () => {
  const { map, view, opened, press } = makeMap();
  map.setProducts(Array.from({ length: 13 }, (_, i) => product(`p ${i}`, [109, 11.5])));
  press("13 products");
  assert.equal(view.ring, undefined);
  assert.equal(opened.length, 1);
  assert.match(opened[0], /ring: false$/);
});

test("without a view nothing happens", () => {
  const map = new ProductMap({ texts: TEXTS, getSelection: () => ({}) });
  map.setProducts([FAR]);
  map.draw();
  map.reveal(FAR);
  map.fitPositions([[109, 11.5]]);
  map.closePopup();
});

test("a highlighted product has a marker of its own, and a product of a unit its badge", () => {
  const inUnit = product("d", null);
  Object.assign(inUnit.properties, { district_code: "901", district: "huyện Minh Phước" });
  const units = [["901", { code: "901", points: [[109, 11.5]] }]];
  const { map, view } = makeMap({ units });
  map.setProducts([...SAME_SPOT, FAR, inUnit]);
  const highlighted = () =>
    view.places.filter((place) => place.highlighted).map(({ label }) => label);
  assert.deepEqual(highlighted(), []);
  map.highlight(SAME_SPOT[0]);
  assert.deepEqual(highlighted(), ["a"]);
  map.highlight(FAR);
  assert.deepEqual(highlighted(), ["c"]);
  assert.equal(view.places.filter(({ label }) => label === "c").length, 1);
  map.highlight(inUnit);
  assert.deepEqual(highlighted(), ["1 in huyện Minh Phước"]);
  map.highlight(null);
  assert.deepEqual(highlighted(), []);
});
