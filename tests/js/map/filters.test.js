import assert from "node:assert/strict";
import { test } from "node:test";
import {
  applyFilters,
  blockingChoices,
  choosesRight,
  prepare,
  registeredRights,
} from "../../../frontend/static/frontend/js/map/filters.js";
import { readState } from "../../../frontend/static/frontend/js/map/state.js";

// Rows of the index of the page: code, name, kind, whether it has an area, stage if unregistered.
const RIGHTS = registeredRights([
  ["MAU-SH-1", "Minh Thuần (nho)", "geographical_indication", true, ""],
  ["MAU-SH-2", "Minh Thuần (nho)", "collective_mark", false, ""],
  ["MAU-SH-3", "Minh Thuần (nho)", "trademark", false, "đang nộp đơn"],
  ["MAU-SH-001", "Mật Minh", "certification_mark", true, ""],
]);

function product(id, properties, coordinates = null) {
  const all = {
    name: id,
    name_en: null,
    producer: null,
    producer_id: null,
    commune: null,
    commune_code: null,
    old_commune: null,
    old_commune_code: null,
    district: null,
    district_code: null,
    category_code: null,
    sector: null,
    stars: null,
    ocop_status: "none",
    season: "unknown",
    protections: null,
    goods_rights: null,
    ...properties,
  };
  const geometry = coordinates && { type: "Point", coordinates };
  return prepare({ id, properties: all, geometry }, RIGHTS);
}

const GRAPES = product(
  "grapes",
  {
    name: "Nho đỏ",
    producer: "HTX Thái An",
    producer_id: "MAU-CT-001",
    commune: "xã Vĩnh Hậu",
    commune_code: "82861",
    district: "huyện Minh Hải",
    district_code: "996",
    category_code: "I",
    sector: "crops",
    stars: 4,
    rated_stars: 4,
    ocop_status: "valid",
    season: "in_season",
    protections: "Minh Thuần (nho)",
  },
  [109.1, 11.7],
);
const SYRUP = product(
  "syrup",
  {
    name: "Mật nho",
    district_code: "997",
    category_code: "II",
    rated_stars: 4,
    ocop_status: "expired",
    goods_rights: "MAU-SH-001",
  },
  [108.9, 11.5],
);
const MELON = product("melon", { name: "Dưa lưới" });
const PRODUCTS = [GRAPES, SYRUP, MELON];

function found(address) {
  return applyFilters(PRODUCTS, readState(address))
    .matching.map(({ id }) => id)
    .join(" ");
}

test("without choices all products match", () => {
  assert.equal(found(""), "grapes syrup melon");
});

test("every word must be contained, in any order and without diacritics", () => {
  assert.equal(found("?q=nho"), "grapes syrup");
  assert.equal(found("?q=vinh hau NHO"), "grapes");
  assert.equal(found("?q=thai+an"), "grapes");
  assert.equal(found("?q=nho+cừu"), "");
});

test("a query without letters and digits matches nothing", () => {
  assert.equal(found("?q=!!!"), "");
});

test("values of one filter are alternatives, several filters must all match", () => {
  assert.equal(found("?huyen=996&huyen=997"), "grapes syrup");
  assert.equal(found("?huyen=996&huyen=997&nhom=II"), "syrup");
});

test("products whose source does not state a property can be selected", () => {
  assert.equal(found("?huyen=chua-ro"), "melon");
  assert.equal(found("?nhom=chua-ro"), "melon");
});

test("products in season are those of which the API states it", () => {
  assert.equal(found("?mua=in_season"), "grapes");
  assert.equal(found("?mua=in_season&mua=unknown"), "grapes syrup melon");
  assert.equal(found("?mua=all_year"), "");
});

test("a product matches each kind of its quality certificates", () => {
  const one = product("certified", { certificates: "haccp; iso" });
  const matching = (address) => applyFilters([one, MELON], readState(address)).matching;
  assert.deepEqual(matching("?chung-nhan=iso"), [one]);
  assert.deepEqual(matching("?chung-nhan=halal"), []);
});

test("stars match only ratings in force", () => {
  assert.equal(found("?sao=4"), "grapes");
});

test("the filter for any right matches products that a source describes as protected", () => {
  assert.equal(found("?bao-ho=co"), "grapes");
});

test("products of the goods of a right are not protected, and have a filter of their own", () => {
  assert.equal(found("?bao-ho=loai-hang"), "syrup");
});

test("a right matches the products that it covers and those of its goods", () => {
  assert.equal(found("?bao-ho=MAU-SH-001"), "syrup");
  assert.equal(found("?bao-ho=MAU-SH-1"), "grapes");
  assert.equal(found("?bao-ho=MAU-SH-999"), "");
});

test("a kind of right matches products of a named right and those of its goods", () => {
  assert.equal(found("?loai-bao-ho=geographical_indication"), "grapes");
  assert.equal(found("?loai-bao-ho=collective_mark"), "grapes");
  assert.equal(found("?loai-bao-ho=trademark"), "");
  assert.equal(found("?loai-bao-ho=certification_mark"), "syrup");
  assert.equal(found("?loai-bao-ho=patent"), "");
});

test("communes then and now, sector and producer are filters", () => {
  assert.equal(found("?xa=82861"), "grapes");
  assert.equal(found("?xa-cu=82861"), "");
  assert.equal(found("?nganh=crops"), "grapes");
  assert.equal(found("?nganh=chua-ro"), "syrup melon");
  assert.equal(found("?chu-the=MAU-CT-001"), "grapes");
});

test("an option counts the products that it would show with the other filters", () => {
  const { counts } = applyFilters(PRODUCTS, readState("?nhom=I&huyen=996"));
  assert.deepEqual(counts.category, { I: 1 });
  assert.deepEqual(counts.district, { 996: 1 });
  assert.deepEqual(counts.right, { co: 1, "MAU-SH-1": 1, "MAU-SH-2": 1 });
  const { counts: others } = applyFilters(PRODUCTS, readState("?nhom=I"));
  assert.deepEqual(others.category, { I: 1, II: 1, "chua-ro": 1 });
  assert.deepEqual(others.district, { 996: 1 });
});

test("the choices without which there would be results are returned", () => {
  const state = readState("?q=nho&huyen=996&sao=3&gan=11.5,109");
  assert.deepEqual(blockingChoices(PRODUCTS, state), [["stars", "3"]]);
});

test("only one right is chosen, with its area", () => {
  assert.ok(choosesRight(readState("?bao-ho=MAU-SH-001")));
  for (const search of ["", "?bao-ho=co", "?bao-ho=loai-hang", "?loai-bao-ho=patent"]) {
    assert.ok(!choosesRight(readState(search)), search);
  }
});

test("a product is found by the words of its type and of what it is made from", () => {
  const types = {
    grape: ["nho", "nho grape"],
    wine: ["rượu vang", "rượu vang wine"],
    apple: ["táo", "táo apple"],
  };
  const properties = { name: "Vang 39", type: "wine", made_from: "grape", ocop_status: "none" };
  const wine = prepare({ id: "X", properties, geometry: null }, new Map(), types);
  const found = (query) => applyFilters([wine], readState(`?q=${query}`)).matching.length;

  assert.deepEqual(wine.searchedTexts.slice(0, 4), [
    "Vang 39",
    undefined,
    "rượu vang wine",
    "nho grape",
  ]);
  assert.deepEqual([found("grape"), found("wine"), found("apple")], [1, 1, 0]);
});
