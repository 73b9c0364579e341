import assert from "node:assert/strict";
import { test } from "node:test";
import {
  choices,
  readState,
  without,
  writeState,
} from "../../frontend/static/frontend/js/state.js";

const ADDRESS = "?q=m%E1%BA%ADt+nho&huyen=586&huyen=587&sao=3&trang-thai=valid&bao-ho=NT-IP-001";

test("an address and its state give each other", () => {
  assert.equal(writeState(readState(ADDRESS)), ADDRESS);
});

test("no choice leaves the address clean", () => {
  assert.equal(writeState(readState("")), "");
  assert.equal(writeState(readState("?q=++&huyen=")), "?huyen=");
});

test("the order and repetition of values do not count", () => {
  const state = readState("?huyen=587&huyen=586&huyen=587");
  assert.deepEqual(state.huyen, ["586", "587"]);
});

test("foreign parameters are left out", () => {
  assert.equal(writeState(readState("?utm_source=x&sao=4")), "?sao=4");
});

test("the entries of a form are a state too", () => {
  const form = new FormData();
  form.append("q", " nho ");
  form.append("nhom", "I");
  assert.deepEqual(choices(readState(form)), [
    ["q", "nho"],
    ["nhom", "I"],
  ]);
});

test("one choice can be taken back", () => {
  const state = readState(ADDRESS);
  assert.deepEqual(without(state, "huyen", "586").huyen, ["587"]);
  assert.equal(without(state, "q", "mật nho").q, "");
  assert.equal(without(state, "bao-ho", "NT-IP-001")["bao-ho"], "");
});
