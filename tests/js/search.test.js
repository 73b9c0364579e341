import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { search, wordSimilarity } from "../../frontend/static/frontend/js/search.js";
import { fold } from "../../geodata/static/geodata/js/fold.js";

// The database gives the same: tests/products/test_similarity.py.
const PAIRS = JSON.parse(readFileSync(new URL("../similarity.json", import.meta.url), "utf8"));

// The products of tests/products/test_search.py.
const TEXTS = {
  "Nước mắm Cà Ná": "Nước mắm Cà Ná Fish sauce Cơ sở Viết Nghi",
  "Nho đỏ sấy": "Nho đỏ sấy xã Ninh Phước Ninh Phuoc Commune xã Phước Thuỷ",
  "Măng tây 100%_A": "Măng tây 100%_A",
  "Đông trùng hạ thảo": "Đông trùng hạ thảo",
};
const ENTRIES = Object.entries(TEXTS).map(([name, text]) => ({ name, text: fold(text) }));

function found(asked) {
  return search(ENTRIES, asked).map(({ name }) => name);
}

for (const [wanted, text, similarity] of PAIRS) {
  test(`"${wanted}" is as similar to "${text}" as for pg_trgm`, () => {
    assert.equal(Number(wordSimilarity(wanted, text).toFixed(4)), similarity);
  });
}

for (const [asked, name] of [
  ["nước mắm", "Nước mắm Cà Ná"],
  ["  mắm \t nước ", "Nước mắm Cà Ná"],
  ["ĐÔNG", "Đông trùng hạ thảo"],
  ["nu\u031bo\u031b\u0301c ma\u0306\u0301m", "Nước mắm Cà Ná"],
  ["nuoc mma", "Nước mắm Cà Ná"],
  ["dong trungg", "Đông trùng hạ thảo"],
  ["fish sauce", "Nước mắm Cà Ná"],
  ["Phước Thủy", "Nho đỏ sấy"],
  ["nho ninh phước", "Nho đỏ sấy"],
  ["100%", "Măng tây 100%_A"],
  ["%", undefined],
  ["日本", undefined],
  ["rượu cần", undefined],
]) {
  test(`"${asked}" finds ${name ?? "nothing"}, as in the database`, () => {
    assert.deepEqual(found(asked), name ? [name] : []);
  });
}

test("searching for nothing filters nothing", () => {
  assert.equal(found("  ").length, 4);
});

test("typos are forgiven only where nothing holds every word", () => {
  const exact = { text: "rau thai ann" };
  const similar = { text: "htx thai an" };
  assert.deepEqual(search([exact, similar], "thai ann"), [exact]);
  assert.deepEqual(search([similar], "thai ann"), [similar]);
});
