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
};
const BOX = [108.8, 11.4, 109, 11.6];
const INDEX = {
  changed: "1/7/2025",
  huyen: [["587", "Ninh Phước", "huyen", BOX]],
  xa: [["22900", "Ninh Phước", "xa", BOX]],
  "xa-cu": [["22870", "Phước Dân", "thi tran", BOX, "587"]],
  "chu-the": [["NT-PR-001", "HTX Thái An", 3]],
  "bao-ho": [
    ["NT-IP-009", "Phan Rang (tỏi)", "collective_mark", false, ""],
    ["NT-IP-007", "Rong sụn Ninh Thuận", "certification_mark", false, "đang xin bảo hộ"],
  ],
  kinds: { huyen: "huyện", xa: "xã", "thi tran": "thị trấn" },
  rights: { collective_mark: "nhãn hiệu tập thể", certification_mark: "nhãn hiệu chứng nhận" },
};
const ENTRIES = entriesOf(INDEX, TEXTS);

function product(id, name, place = {}) {
  return prepare({ id, properties: { name, ...place }, geometry: null });
}
const PRODUCTS = [
  product("NT-OCOP-001", "Nho đỏ", { commune: "xã Ninh Phước", district: "huyện Ninh Phước" }),
  product("NT-OCOP-002", "Tỏi Phan Rang", { commune: "phường Phan Rang" }),
];

function suggested(query, products = PRODUCTS) {
  return suggestionsFor(ENTRIES, products, query, TEXTS).map(
    ({ label, kind }) => `${label} – ${kind}`,
  );
}

test("a place is suggested then and now, and the products in it are not", () => {
  assert.deepEqual(suggested("ninh phuoc"), [
    "Ninh Phước – huyện trước 1/7/2025",
    "Ninh Phước – xã hiện nay",
  ]);
  assert.deepEqual(suggested("Phước Dân"), ["Phước Dân – thị trấn trước 1/7/2025"]);
  assert.deepEqual(suggested("thị trấn phước"), ["Phước Dân – thị trấn trước 1/7/2025"]);
});

test("names that fit better are suggested first", () => {
  assert.deepEqual(suggested("toi phan rang"), [
    "Tỏi Phan Rang – sản phẩm, phường Phan Rang",
    "Phan Rang (tỏi) – nhãn hiệu tập thể",
  ]);
});

test("the suggestion of a right that is not registered contains its stage", () => {
  assert.deepEqual(suggested("rong sun"), [
    "Rong sụn Ninh Thuận – nhãn hiệu chứng nhận, đang xin bảo hộ",
  ]);
});

test("small typos are allowed", () => {
  assert.deepEqual(suggested("thai ann"), ["HTX Thái An – chủ thể"]);
  assert.deepEqual(suggested("nho dor"), ["Nho đỏ – sản phẩm, xã Ninh Phước, huyện Ninh Phước"]);
});

test("with typos too, names are suggested before other texts", () => {
  const salt = prepare({ id: "X", properties: { name: "Muối", producer: "HTX Thái An" } });
  assert.deepEqual(suggested("thai ann", [salt]), ["HTX Thái An – chủ thể"]);
  assert.deepEqual(suggested("phan ragn"), [
    "Phan Rang (tỏi) – nhãn hiệu tập thể",
    "Tỏi Phan Rang – sản phẩm, phường Phan Rang",
  ]);
});

test("one letter, or no letter at all, suggests nothing", () => {
  assert.deepEqual(suggested("n"), []);
  assert.deepEqual(suggested("!!!"), []);
});

test("the number of suggestions is limited, in total and per filter", () => {
  const many = Array.from({ length: 50 }, (_, i) =>
    product(`NT-OCOP-${100 + i}`, i < 3 ? `Ninh ${i}` : `Rau Ninh ${i}`),
  );
  const found = suggestionsFor(ENTRIES, many, "ninh", TEXTS);
  const products = [100, 101, 102].map((number) => `product NT-OCOP-${number}`);
  assert.deepEqual(
    found.map(({ filter, value }) => `${filter} ${value}`),
    ["district 587", "commune 22900", ...products, "right NT-IP-007", "product NT-OCOP-103"],
  );
  const producers = Array.from({ length: 9 }, (_, i) => [`NT-PR-${i}`, `Ninh ${i}`, 1]);
  const more = entriesOf({ ...INDEX, "chu-the": producers }, TEXTS);
  assert.equal(suggestionsFor(more, many, "ninh", TEXTS).length, 8);
});

test("the page of a record contains its code and name", () => {
  const page = pageFor("/en/bao-ho/A-0-x/", "NT-IP-009", "Phan Rang (tỏi)");
  assert.equal(page, "/en/bao-ho/NT-IP-009-phan-rang-toi/");
});
