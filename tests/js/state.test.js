import assert from "node:assert/strict";
import { test } from "node:test";
import {
  choices,
  readPlace,
  readState,
  readView,
  sameChoices,
  withChoice,
  without,
  withoutChoices,
  writePlace,
  writeState,
  writeView,
} from "../../frontend/static/frontend/js/state.js";

const ADDRESS =
  "?q=m%E1%BA%ADt+nho&huyen=586&huyen=587&xa=22861&xa-cu=22870&nhom=I&nganh=crops&sao=3" +
  "&trang-thai=valid&loai-bao-ho=patent&bao-ho=NT-IP-001&chu-the=NT-PR-001&gan=11.57,108.99" +
  "&diem=NT-OCOP-002&chon=NT-OCOP-001&ban-do=10.5/11.6/108.9&lop=huyen,xa&to-mau=xa&nen=osm";

test("an address and its state give each other, with all that people see", () => {
  assert.equal(writeState(readState(ADDRESS)), ADDRESS);
});

test("no choice leaves the address clean", () => {
  assert.equal(writeState(readState("")), "");
  assert.equal(writeState(readState("?q=++&huyen=")), "");
});

test("the order and repetition of values do not count", () => {
  const state = readState("?huyen=587&huyen=586&huyen=587");
  assert.deepEqual(state.huyen, ["586", "587"]);
});

test("foreign parameters are left out", () => {
  assert.equal(writeState(readState("?utm_source=x&sao=4")), "?sao=4");
});

for (const wrong of ["gan=11.5", "gan=a,b", "gan=91,0", "gan=11.5,109,1", "ban-do=9/11.6"]) {
  test(`what is no position on earth is left out: ${wrong}`, () => {
    assert.equal(writeState(readState(`?${wrong}`)), "");
  });
}

test("choices are what people can take back, not where they look", () => {
  const state = readState(
    "?q=nho&nhom=I&gan=11.57,108.99&chon=NT-OCOP-001&ban-do=9/11/109&nen=osm",
  );
  assert.deepEqual(choices(state), [
    ["q", "nho"],
    ["nhom", "I"],
    ["gan", "11.57,108.99"],
  ]);
  assert.equal(writeState(withoutChoices(state)), "?chon=NT-OCOP-001&ban-do=9/11/109&nen=osm");
});

test("one choice can be taken back", () => {
  const state = readState(ADDRESS);
  assert.deepEqual(without(state, "huyen", "586").huyen, ["587"]);
  assert.equal(without(state, "q", "mật nho").q, "");
  assert.equal(without(state, "bao-ho", "NT-IP-001")["bao-ho"], "");
});

test("one choice more joins its list, or takes the place of the one there was", () => {
  const state = readState("?huyen=587&chu-the=NT-PR-001");
  assert.deepEqual(withChoice(state, "huyen", "586").huyen, ["586", "587"]);
  assert.deepEqual(withChoice(state, "huyen", "587").huyen, ["587"]);
  assert.equal(withChoice(state, "chu-the", "NT-PR-002")["chu-the"], "NT-PR-002");
});

test("moving the map or opening a product chooses no other products", () => {
  const state = readState("?sao=3");
  assert.ok(sameChoices(state, { ...state, chon: "NT-OCOP-001", "ban-do": "9/11/109" }));
  assert.ok(!sameChoices(state, { ...state, gan: "11.5,109" }));
});

test("positions are written no finer than they are of use", () => {
  assert.equal(writePlace([108.99123, 11.5]), "11.5,108.991");
  assert.deepEqual(readPlace("11.5,108.991"), [108.991, 11.5]);
  const view = { zoom: 10.5, at: [108.912345, 11.6] };
  assert.equal(writeView(view), "10.5/11.6/108.9123");
  assert.deepEqual(readView("10.5/11.6/108.9123"), { zoom: 10.5, at: [108.9123, 11.6] });
});
