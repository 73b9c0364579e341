import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_STOPS } from "../../../frontend/static/frontend/js/trip/fragment.js";
import { TripStore } from "../../../frontend/static/frontend/js/trip-store.js";

const [A, B] = ["products:A", "sales-points:B"];

/** A Storage with room for this number of letters. */
function storageOf(room = Number.POSITIVE_INFINITY) {
  const items = new Map();
  return {
    getItem: (key) => items.get(key) ?? null,
    removeItem: (key) => items.delete(key),
    setItem(key, value) {
      if (value.length > room) throw new DOMException("full", "QuotaExceededError");
      items.set(key, value);
    },
  };
}

/** The stores of two tabs of one browser. */
function twoTabs() {
  const storage = storageOf();
  const [one, other] = [new EventTarget(), new EventTarget()];
  const written = { ...storage };
  written.setItem = (key, value) => {
    storage.setItem(key, value);
    other.dispatchEvent(Object.assign(new Event("storage"), { key }));
  };
  return [
    new TripStore({ getStorage: () => written, target: one }),
    new TripStore({ getStorage: () => storage, target: other }),
  ];
}

test("stops are saved in their order, once, and removed", () => {
  const storage = storageOf();
  const store = new TripStore({ getStorage: () => storage, target: new EventTarget() });
  assert.deepEqual([store.add(B), store.add(A), store.add(B)], ["", "", ""]);
  assert.deepEqual(store.keys, [B, A]);
  // As after opening the browser again.
  const later = new TripStore({ getStorage: () => storage, target: new EventTarget() });
  assert.deepEqual([later.keys, later.has(A)], [[B, A], true]);
  later.remove(B);
  later.remove(A);
  assert.deepEqual([later.keys, storage.getItem("trip")], [[], null]);
});

test("a trip with fifty stops takes no other, nor a part of several", () => {
  const full = Array.from({ length: MAX_STOPS - 1 }, (_, i) => `products:A-${i}`);
  const storage = storageOf();
  const store = new TripStore({ getStorage: () => storage, target: new EventTarget() });
  store.set(full);
  assert.equal(store.addAll([A, B]), "full");
  assert.deepEqual(store.keys, full);
  assert.equal(store.add(A), "");
  assert.equal(store.add(B), "full");
  assert.equal(store.add(A), "");
});

test("a refusal of the browser changes nothing and is returned", () => {
  const refused = () => {
    throw new DOMException("no", "SecurityError");
  };
  const store = new TripStore({ getStorage: refused, target: new EventTarget() });
  assert.deepEqual([store.keys, store.add(A), store.keys], [[], "refused", []]);

  const small = storageOf("v1=products:A".length);
  const full = new TripStore({ getStorage: () => small, target: new EventTarget() });
  assert.deepEqual([full.add(A), full.add(B), full.keys], ["", "refused", [A]]);
});

test("another tab has the change at once, and both call back", () => {
  const [one, other] = twoTabs();
  let calls = 0;
  for (const store of [one, other]) {
    store.onChange(() => {
      calls += 1;
    });
  }
  assert.deepEqual(other.keys, []);
  one.add(A);
  assert.deepEqual([other.keys, calls], [[A], 2]);
});

test("what somebody else wrote into the storage is no trip", () => {
  const storage = storageOf();
  storage.setItem("trip", '["products:A"]');
  const store = new TripStore({ getStorage: () => storage, target: new EventTarget() });
  assert.deepEqual(store.keys, []);
  store.add(A);
  assert.deepEqual(store.keys, [A]);
});
