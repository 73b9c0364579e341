import assert from "node:assert/strict";
import { test } from "node:test";
import { choices, readState, without } from "../../frontend/static/frontend/js/state.js";
import "./static.js";

const { countOptions, matcher, searchText, whatToLoosen } = await import(
  "../../frontend/static/frontend/js/filters.js"
);

function product(id, properties, coordinates = null) {
  const all = {
    name: id,
    name_en: null,
    producer: null,
    commune: null,
    old_commune: null,
    district: null,
    district_code: null,
    category_code: null,
    stars: null,
    ocop_status: "none",
    protections: null,
    ...properties,
  };
  const geometry = coordinates && { type: "Point", coordinates };
  return { id, properties: all, geometry, text: searchText(all) };
}

const GRAPES = product(
  "grapes",
  {
    name: "Nho đỏ",
    producer: "HTX Thái An",
    commune: "xã Vĩnh Hải",
    district: "huyện Ninh Hải",
    district_code: "586",
    category_code: "I",
    stars: 4,
    rated_stars: 4,
    ocop_status: "valid",
    protections: "Ninh Thuận (nho)",
  },
  [109.1, 11.7],
);
const SYRUP = product(
  "syrup",
  {
    name: "Mật nho",
    district_code: "587",
    category_code: "II",
    rated_stars: 4,
    ocop_status: "expired",
  },
  [108.9, 11.5],
);
const MELON = product("melon", { name: "Dưa lưới" });
const PRODUCTS = [GRAPES, SYRUP, MELON];
const AREA = {
  type: "Polygon",
  coordinates: [
    [
      [108.8, 11.4],
      [109, 11.4],
      [109, 11.6],
      [108.8, 11.6],
      [108.8, 11.4],
    ],
  ],
};
const AREAS = new Map([["NT-IP-001", AREA]]);

function found(address) {
  const ids = PRODUCTS.filter(matcher(readState(address), AREAS)).map(({ id }) => id);
  return ids.join(" ");
}

test("without a choice everything is found", () => {
  assert.equal(found(""), "grapes syrup melon");
});

test("every word must be contained, in any order and without diacritics", () => {
  assert.equal(found("?q=nho"), "grapes syrup");
  assert.equal(found("?q=vinh hai NHO"), "grapes");
  assert.equal(found("?q=thai+an"), "grapes");
  assert.equal(found("?q=nho+dưa"), "");
});

test("a search for signs alone finds nothing", () => {
  assert.equal(found("?q=!!!"), "");
});

test("values of one filter add up, filters narrow one another", () => {
  assert.equal(found("?huyen=586&huyen=587"), "grapes syrup");
  assert.equal(found("?huyen=586&huyen=587&nhom=II"), "syrup");
});

test("what the source does not say can be asked for", () => {
  assert.equal(found("?huyen=chua-ro"), "melon");
  assert.equal(found("?nhom=chua-ro"), "melon");
});

test("stars are only those of a rating that holds", () => {
  assert.equal(found("?sao=4"), "grapes");
});

test("protected means that a source says so", () => {
  assert.equal(found("?bao-ho=co"), "grapes");
});

test("an area finds what stands in it, linked or not", () => {
  assert.equal(found("?bao-ho=NT-IP-001"), "syrup");
});

test("a right without a known area finds nothing", () => {
  assert.equal(found("?bao-ho=NT-IP-999"), "");
});

test("an option counts what it would show beside the other filters", () => {
  const counts = countOptions(PRODUCTS, readState("?nhom=I&huyen=586"), AREAS);
  assert.deepEqual(counts.nhom, { I: 1 });
  assert.deepEqual(counts.huyen, { 586: 1 });
  assert.deepEqual(counts["bao-ho"], { co: 1, "NT-IP-001": 0 });
});

test("an empty result names the choices that stand in its way", () => {
  const state = readState("?q=nho&huyen=586&sao=3");
  const loose = whatToLoosen(PRODUCTS, state, AREAS, choices(state), without);
  assert.deepEqual(loose, [["sao", "3"]]);
});
