import assert from "node:assert/strict";
import { test } from "node:test";
import { prepare } from "../../../frontend/static/frontend/js/map/filters.js";
import {
  entriesOf,
  pageFor,
  suggestionsFor,
} from "../../../frontend/static/frontend/js/map/suggest.js";

const TEXTS = {
  unit_then: "{kind} trước {day}",
  unit_now: "{kind} hiện nay",
  producer: "chủ thể",
  product_in: "sản phẩm, {place}",
  no_place: "chưa rõ nơi",
  place_then: "trước {day}: {place}",
};
const BOX = [108.8, 11.4, 109, 11.6];
const INDEX = {
  changed: "1/3/2024",
  huyen: [["997", "Minh Phước", "huyen", BOX]],
  xa: [["82900", "Minh Phước", "xa", BOX]],
  "xa-cu": [["82870", "Phước Mẫn", "thi tran", BOX, "997"]],
  "chu-the": [["MAU-CT-001", "HTX Thái An", 3]],
  "bao-ho": [
    ["MAU-SH-009", "Phan Lang (tỏi)", "collective_mark", false, ""],
    ["MAU-SH-007", "Rong sụn Minh Thuần", "certification_mark", false, "đang xin bảo hộ"],
  ],
  kinds: { huyen: "huyện", xa: "xã", "thi tran": "thị trấn" },
  rights: { collective_mark: "nhãn hiệu tập thể", certification_mark: "nhãn hiệu chứng nhận" },
};
const ENTRIES = entriesOf(INDEX, TEXTS);

function product(id, name, place = {}) {
  return prepare({ id, properties: { name, ...place }, geometry: null });
}
const PRODUCTS = [
  product("MAU-SP-001", "Nho đỏ", { commune: "xã Minh Phước", district: "huyện Minh Phước" }),
  product("MAU-SP-002", "Tỏi Phan Lang", { commune: "phường Phan Lang" }),
];

function suggested(query, products = PRODUCTS) {
  return suggestionsFor(ENTRIES, products, query, TEXTS).map(
    ({ label, kind }) => `${label} – ${kind}`,
  );
}

test("a place is suggested then and now, and the products in it are not", () => {
  assert.deepEqual(suggested("minh phuoc"), [
    "Minh Phước – huyện trước 1/3/2024",
    "Minh Phước – xã hiện nay",
  ]);
  assert.deepEqual(suggested("Phước Mẫn"), ["Phước Mẫn – thị trấn trước 1/3/2024"]);
  assert.deepEqual(suggested("thị trấn phước"), ["Phước Mẫn – thị trấn trước 1/3/2024"]);
});

test("names that fit better are suggested first", () => {
  assert.deepEqual(suggested("toi phan lang"), [
    "Tỏi Phan Lang – sản phẩm, phường Phan Lang",
    "Phan Lang (tỏi) – nhãn hiệu tập thể",
  ]);
});

test("the suggestion of a right that is not registered contains its stage", () => {
  assert.deepEqual(suggested("rong sun"), [
    "Rong sụn Minh Thuần – nhãn hiệu chứng nhận, đang xin bảo hộ",
  ]);
});

test("small typos are allowed", () => {
  assert.deepEqual(suggested("thai ann"), ["HTX Thái An – chủ thể"]);
  assert.deepEqual(suggested("nho dor"), ["Nho đỏ – sản phẩm, xã Minh Phước"]);
});

test("with typos too, names are suggested before other texts", () => {
  const salt = prepare({ id: "X", properties: { name: "Muối", producer: "HTX Thái An" } });
  assert.deepEqual(suggested("thai ann", [salt]), ["HTX Thái An – chủ thể"]);
  assert.deepEqual(suggested("phan lagn"), [
    "Phan Lang (tỏi) – nhãn hiệu tập thể",
    "Tỏi Phan Lang – sản phẩm, phường Phan Lang",
  ]);
});

test("one letter, or no letter at all, suggests nothing", () => {
  assert.deepEqual(suggested("n"), []);
  assert.deepEqual(suggested("!!!"), []);
});

test("the number of suggestions is limited, in total and per filter", () => {
  const many = Array.from({ length: 50 }, (_, i) =>
    product(`MAU-SP-${100 + i}`, i < 3 ? `Minh ${i}` : `Rau Minh ${i}`),
  );
  const found = suggestionsFor(ENTRIES, many, "minh", TEXTS);
  const products = [100, 101, 102].map((number) => `product MAU-SP-${number}`);
  assert.deepEqual(
    found.map(({ filter, value }) => `${filter} ${value}`),
    ["district 997", "commune 82900", "right MAU-SH-007", ...products, "product MAU-SP-103"],
  );
  const producers = Array.from({ length: 9 }, (_, i) => [`MAU-CT-${i}`, `Minh ${i}`, 1]);
  const more = entriesOf({ ...INDEX, "chu-the": producers }, TEXTS);
  assert.equal(suggestionsFor(more, many, "minh", TEXTS).length, 8);
});

test("the page of a record contains its code and name", () => {
  const page = pageFor("/en/bao-ho/A-0-x/", "MAU-SH-009", "Phan Lang (tỏi)");
  assert.equal(page, "/en/bao-ho/MAU-SH-009-phan-lang-toi/");
});
