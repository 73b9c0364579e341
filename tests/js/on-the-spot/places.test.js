import assert from "node:assert/strict";
import { test } from "node:test";
import {
  betterFix,
  distanceText,
  recordsNear,
} from "../../../frontend/static/frontend/js/on-the-spot/places.js";

const record = (name, point, exact = true) => ({
  name,
  point,
  exact,
  producer: "HTX Thử",
  commune: "xã Mẫu",
  code: "A-1",
});

test("the more accurate fix counts, unless it is of another place by now", () => {
  const good = { accuracy: 4, at: 1000 };
  assert.equal(betterFix(null, good), good);
  assert.equal(betterFix(good, { accuracy: 9, at: 2000 }), good);
  assert.equal(betterFix(good, { accuracy: 3, at: 2000 }).accuracy, 3);
  assert.equal(betterFix(good, { accuracy: 9, at: 100_000 }).accuracy, 9);
});

test("the nearest records come first, then those without a point by name", () => {
  const records = [
    record("Tỏi", null),
    record("Nho", [108.99, 11.6]),
    record("Bưởi", null),
    record("Mận", [108.99, 11.58], false),
    record("Táo", [108.99, 11.57]),
  ];
  const found = recordsNear(records, { at: [108.99, 11.565] });

  assert.deepEqual(
    found.map((one) => one.record.name),
    ["Táo", "Mận", "Nho", "Bưởi", "Tỏi"],
  );
  assert.ok(Math.abs(found[0].away - 556) < 2);
  assert.equal(found[3].away, null);
});

test("the search ignores diacritics and reads producer and commune", () => {
  const records = [record("Nho đỏ", null), record("Tỏi", null)];
  const names = (query) => recordsNear(records, { query }).map((one) => one.record.name);
  assert.deepEqual(names("do nho"), ["Nho đỏ"]);
  assert.deepEqual(names("htx mau"), ["Nho đỏ", "Tỏi"]);
  assert.deepEqual(names("xoai"), []);
});

test("distances are in metres, then in kilometres", () => {
  assert.deepEqual([0.2, 85.4, 1240, 34_400].map(distanceText), ["1 m", "85 m", "1,2 km", "34 km"]);
});
