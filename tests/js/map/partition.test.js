import assert from "node:assert/strict";
import { test } from "node:test";
import { buildIndex, clustersInView } from "../../../frontend/static/frontend/js/map/clusters.js";
import { prepare } from "../../../frontend/static/frontend/js/map/filters.js";
import {
  knownUnitsOf,
  partition,
  shownWith,
} from "../../../frontend/static/frontend/js/map/partition.js";
import { computeResults } from "../../../frontend/static/frontend/js/map/results.js";
import { readState } from "../../../frontend/static/frontend/js/map/state.js";

// As in the index of the page; the third district has no boundary.
const UNITS = knownUnitsOf([
  ["901", "Minh Phước", "huyen", [], [[109.2, 11.5]]],
  ["902", "Minh Hải", "huyen", [], [[108.8, 11.9]]],
  ["903", "Minh Sơn", "huyen", null, []],
]);
const DISTRICTS = ["901", "902", "903", null];
const GROUPS = ["I", "II", "III", null];
const STATUSES = ["valid", "expiring", "expired", "unknown"];

/** Eighty products: half of them located, of the others some in each district and in none. */
const PRODUCTS = Array.from({ length: 80 }, (_, i) => {
  const coordinates = [108.8 + (i % 7) / 10, 11.3 + (i % 5) / 10];
  const status = STATUSES[i % 4];
  return prepare({
    id: `P-${i}`,
    geometry: i % 2 ? { type: "Point", coordinates } : null,
    properties: {
      name: i % 3 ? "Mật nho" : "Nước mắm",
      district_code: DISTRICTS[Math.floor(i / 4) % 4],
      category_code: GROUPS[Math.floor(i / 3) % 4],
      ocop_status: status,
      stars: status === "valid" ? 3 + (i % 3) : null,
      producer_id: i % 5 ? "C-1" : "C-2",
      producer: i % 5 ? "HTX" : "Hộ",
    },
  });
});
const FILTERS = [
  "",
  "?trang-thai=valid",
  "?trang-thai=expired&trang-thai=unknown",
  "?huyen=901",
  "?huyen=903",
  "?huyen=chua-ro",
  "?nhom=I&nhom=II",
  "?sao=4",
  "?q=mat+nho",
  "?chu-the=C-2&nhom=chua-ro",
];

for (const filter of FILTERS) {
  test(`markers, clusters, badges and the line add up to the list: ${filter || "all"}`, () => {
    const { matching } = computeResults(PRODUCTS, readState(filter));
    const { located, units, unplaced } = partition(matching, UNITS);
    const drawn = clustersInView(buildIndex(located, 18), [-180, -85, 180, 85], 9);
    const onMap = drawn.reduce((sum, { count = 1 }) => sum + count, 0);
    const inBadges = units.reduce((sum, { products }) => sum + products.length, 0);
    assert.ok(matching.length > 0);
    assert.equal(onMap + inBadges + unplaced.length, matching.length);
    const all = [...located, ...units.flatMap(({ products }) => products), ...unplaced];
    assert.deepEqual(new Set(all), new Set(matching));
  });
}

test("a badge has the products without a point of one unit, at its point", () => {
  const { units, unplaced } = partition(PRODUCTS, UNITS);
  assert.deepEqual(
    units.map(({ unit: { code, points } }) => [code, points]),
    [
      ["901", [[109.2, 11.5]]],
      ["902", [[108.8, 11.9]]],
    ],
  );
  const codes = ({ properties }) => properties.district_code;
  assert.deepEqual([...new Set(units[0].products.map(codes))], ["901"]);
  assert.equal(units[0].products.filter(({ geometry }) => geometry).length, 0);
  // Without a place for the badge, a product is not lost.
  assert.deepEqual([...new Set(unplaced.map(codes))], ["903", null]);
});

test("a product without a point is listed with those of its badge, or of the line", () => {
  const { units, unplaced } = partition(PRODUCTS, UNITS);
  const [second] = units[1].products;
  assert.deepEqual(shownWith(PRODUCTS, second, UNITS), units[1].products);
  assert.deepEqual(shownWith(PRODUCTS, unplaced[3], UNITS), unplaced);
  const others = PRODUCTS.filter((product) => !units[1].products.includes(product));
  assert.deepEqual(shownWith(others, second, UNITS), []);
});
