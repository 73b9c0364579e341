import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  search,
  searched,
  wordSimilarity,
} from "../../../frontend/static/frontend/js/map/search.js";

// tests/products/test_similarity.py compares these with the database.
const PAIRS = JSON.parse(readFileSync(new URL("../../similarity.json", import.meta.url), "utf8"));

// The products of tests/products/test_search.py.
const TEXTS = {
  "Nước mắm Cà Nú": ["Fish sauce", null, "Cơ sở Viết Nghi", null],
  "Nho đỏ sấy": [null, null, null, "xã Minh Phước Minh Phuoc Commune xã Phước Thuỷ"],
  "Măng tây 100%_A": [null, null, null, null],
  "Đông trùng hạ thảo": [null, null, null, null],
};
const ENTRIES = Object.entries(TEXTS).map(([name, texts]) => ({
  name,
  ...searched([name, ...texts]),
}));

function found(query) {
  return search(ENTRIES, query).map(({ name }) => name);
}

for (const [wanted, text, similarity] of PAIRS) {
  test(`"${wanted}" has the similarity to "${text}" that pg_trgm returns`, () => {
    assert.equal(Number(wordSimilarity(wanted, text).toFixed(4)), similarity);
  });
}

for (const [query, name] of [
  ["nước mắm", "Nước mắm Cà Nú"],
  ["  mắm \t nước ", "Nước mắm Cà Nú"],
  ["ĐÔNG", "Đông trùng hạ thảo"],
  ["nu\u031bo\u031b\u0301c ma\u0306\u0301m", "Nước mắm Cà Nú"],
  ["nuoc mma", "Nước mắm Cà Nú"],
  ["dong trungg", "Đông trùng hạ thảo"],
  ["fish sauce", "Nước mắm Cà Nú"],
  ["Phước Thủy", "Nho đỏ sấy"],
  ["nho minh phước", "Nho đỏ sấy"],
  ["100%", "Măng tây 100%_A"],
  ["%", undefined],
  ["日本", undefined],
  ["rượu cần", undefined],
]) {
  test(`"${query}" finds ${name ?? "nothing"}, as in the database`, () => {
    assert.deepEqual(found(query), name ? [name] : []);
  });
}

test("an empty query matches everything", () => {
  assert.equal(found("  ").length, 4);
});

test("typos are allowed only if no entry contains every word", () => {
  const exact = searched(["rau thai ann"]);
  const similar = searched(["htx thai an"]);
  assert.deepEqual(search([exact, similar], "thai ann"), [exact]);
  assert.deepEqual(search([similar], "thai ann"), [similar]);
});
