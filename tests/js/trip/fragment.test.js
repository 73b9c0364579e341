import assert from "node:assert/strict";
import { test } from "node:test";
import {
  MAX_STOPS,
  partsOf,
  readTrip,
  stopKey,
  writeTrip,
} from "../../../frontend/static/frontend/js/trip/fragment.js";

const KNOWN = ["products", "sales-points"];
const keysOf = (fragment) => readTrip(fragment, KNOWN)?.keys;

test("a fragment has the stops in their order", () => {
  const keys = ["products:MAU-SP-001", "sales-points:MAU-DB-003"];
  assert.equal(writeTrip(keys), "v1=products:MAU-SP-001,sales-points:MAU-DB-003");
  assert.deepEqual(readTrip(writeTrip(keys), KNOWN), {
    keys,
    unreadable: 0,
    beyond: 0,
    isOtherVersion: false,
  });
});

test("any id survives in a fragment, and none ends its entry", () => {
  for (const id of ["MAU-SP-001", "a,b:c&d=e#f%2C", "Nước mắm", "<img onerror=x>"]) {
    const fragment = writeTrip([stopKey("products", id), stopKey("products", "B")]);
    assert.doesNotMatch(fragment, /[<># ]|Nước/);
    assert.deepEqual(keysOf(fragment), [`products:${id}`, "products:B"]);
    assert.deepEqual(partsOf(`products:${id}`), { collection: "products", id });
  }
});

test("what is no entry is counted and left out", () => {
  const wrong = [
    "products",
    "products:",
    "PRODUCTS:A",
    "villages:A",
    "products:A:B",
    "products:%",
    "products:%00",
    "__proto__:A",
    `products:${"A".repeat(101)}`,
  ];
  const { keys, unreadable } = readTrip(`v1=${["products:A", ...wrong].join(",")}`, KNOWN);
  assert.deepEqual(keys, ["products:A"]);
  assert.equal(unreadable, wrong.length);
});

test("a stop is there once, and an empty entry is no entry", () => {
  const { keys, unreadable } = readTrip("v1=products:A,,products:B,products:A,", KNOWN);
  assert.deepEqual([keys, unreadable], [["products:A", "products:B"], 0]);
});

test("only the first fifty stops are read, and the others are counted", () => {
  const all = Array.from({ length: MAX_STOPS + 3 }, (_, i) => `products:A-${i}`);
  const { keys, beyond } = readTrip(writeTrip(all), KNOWN);
  assert.deepEqual(keys, all.slice(0, MAX_STOPS));
  assert.equal(beyond, 3);
});

test("another version is no empty trip, and other fragments are no trip", () => {
  assert.equal(readTrip("v2=products:A", KNOWN).isOtherVersion, true);
  for (const fragment of ["", "content", "v1", "products:A"]) {
    assert.equal(readTrip(fragment, KNOWN), null);
  }
  assert.equal(writeTrip([]), "");
});
