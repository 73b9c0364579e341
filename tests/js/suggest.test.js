import assert from "node:assert/strict";
import { test } from "node:test";
import { prepare } from "../../frontend/static/frontend/js/filters.js";
import { entriesOf, pageFor, suggestionsFor } from "../../frontend/static/frontend/js/suggest.js";

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

function suggested(asked, products = PRODUCTS) {
  return suggestionsFor(ENTRIES, products, asked, TEXTS).map(
    ({ label, kind }) => `${label} – ${kind}`,
  );
}

test("a place is suggested then and now, and what only stands in it is not", () => {
  assert.deepEqual(suggested("ninh phuoc"), [
    "Ninh Phước – huyện trước 1/7/2025",
    "Ninh Phước – xã hiện nay",
  ]);
  assert.deepEqual(suggested("Phước Dân"), ["Phước Dân – thị trấn trước 1/7/2025"]);
  assert.deepEqual(suggested("thị trấn phước"), ["Phước Dân – thị trấn trước 1/7/2025"]);
});

test("the better a name fits, the higher it stands", () => {
  assert.deepEqual(suggested("toi phan rang"), [
    "Tỏi Phan Rang – sản phẩm, phường Phan Rang",
    "Phan Rang (tỏi) – nhãn hiệu tập thể",
  ]);
});

test("a right that does not protect yet says so", () => {
  assert.deepEqual(suggested("rong sun"), [
    "Rong sụn Ninh Thuận – nhãn hiệu chứng nhận, đang xin bảo hộ",
  ]);
});

test("small typos are forgiven", () => {
  assert.deepEqual(suggested("thai ann"), ["HTX Thái An – chủ thể"]);
  assert.deepEqual(suggested("nho dor"), ["Nho đỏ – sản phẩm, xã Ninh Phước, huyện Ninh Phước"]);
});

test("with typos as well, names come before what stands beside them", () => {
  const of = prepare({ id: "X", properties: { name: "Muối", producer: "HTX Thái An" } });
  assert.deepEqual(suggested("thai ann", [of]), ["HTX Thái An – chủ thể"]);
  assert.deepEqual(suggested("phan ragn"), [
    "Phan Rang (tỏi) – nhãn hiệu tập thể",
    "Tỏi Phan Rang – sản phẩm, phường Phan Rang",
  ]);
});

test("one letter or signs suggest nothing", () => {
  assert.deepEqual(suggested("n"), []);
  assert.deepEqual(suggested("!!!"), []);
});

test("there are few suggestions, and not all of one kind", () => {
  const many = Array.from({ length: 50 }, (_, i) =>
    product(`NT-OCOP-${100 + i}`, i < 3 ? `Ninh ${i}` : `Rau Ninh ${i}`),
  );
  const found = suggestionsFor(ENTRIES, many, "ninh", TEXTS);
  const products = [100, 101, 102].map((number) => `chon NT-OCOP-${number}`);
  assert.deepEqual(
    found.map(({ name, value }) => `${name} ${value}`),
    ["huyen 587", "xa 22900", ...products, "bao-ho NT-IP-007", "chon NT-OCOP-103"],
  );
  const makers = Array.from({ length: 9 }, (_, i) => [`NT-PR-${i}`, `Ninh ${i}`, 1]);
  const more = entriesOf({ ...INDEX, "chu-the": makers }, TEXTS);
  assert.equal(suggestionsFor(more, many, "ninh", TEXTS).length, 8);
});

test("a record's page is found by its code and name", () => {
  const page = pageFor("/en/bao-ho/A-0-x/", "NT-IP-009", "Phan Rang (tỏi)");
  assert.equal(page, "/en/bao-ho/NT-IP-009-phan-rang-toi/");
});
