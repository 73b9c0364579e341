import assert from "node:assert/strict";
import { test } from "node:test";
import {
  choices,
  keyOf,
  PARAMETERS,
  readPlace,
  readState,
  readView,
  sameChoices,
  withChoice,
  withoutChoice,
  withoutChoices,
  writePlace,
  writeState,
  writeView,
} from "../../../frontend/static/frontend/js/map/state.js";

const ADDRESS =
  "?q=m%E1%BA%ADt+nho&huyen=996&huyen=997&xa=82861&xa-cu=82870&loai=grape&nhom=I&nganh=crops" +
  "&sao=3&trang-thai=valid&loai-bao-ho=patent&bao-ho=MAU-SH-001&chu-the=MAU-CT-001" +
  "&gan=11.57,108.99&diem=MAU-SP-002&chon=MAU-SP-001&ban-do=10.5/11.6/108.9&lop=huyen,xa&to-mau=xa&nen=osm";

test("an address is read and written again with all parameters", () => {
  assert.equal(writeState(readState(ADDRESS)), ADDRESS);
});

test("an empty state has no query", () => {
  assert.equal(writeState(readState("")), "");
  assert.equal(writeState(readState("?q=++&huyen=")), "");
});

test("order and repetition of values do not matter", () => {
  const state = readState("?huyen=997&huyen=996&huyen=997");
  assert.deepEqual(state.district, ["996", "997"]);
});

test("other parameters are removed", () => {
  assert.equal(writeState(readState("?utm_source=x&sao=4")), "?sao=4");
});

for (const wrong of ["gan=11.5", "gan=a,b", "gan=91,0", "gan=11.5,109,1", "ban-do=9/11.6"]) {
  test(`an invalid position is removed: ${wrong}`, () => {
    assert.equal(writeState(readState(`?${wrong}`)), "");
  });
}

test("choices are the filters, the query and the sort order, not what is looked at", () => {
  const state = readState("?q=nho&nhom=I&gan=11.57,108.99&chon=MAU-SP-001&ban-do=9/11/109&nen=osm");
  assert.deepEqual(choices(state), [
    ["query", "nho"],
    ["category", "I"],
    ["near", "11.57,108.99"],
  ]);
  assert.equal(writeState(withoutChoices(state)), "?chon=MAU-SP-001&ban-do=9/11/109&nen=osm");
});

test("one choice can be removed", () => {
  const state = readState(ADDRESS);
  assert.deepEqual(withoutChoice(state, "district", "996").district, ["997"]);
  assert.equal(withoutChoice(state, "query", "mật nho").query, "");
  assert.equal(withoutChoice(state, "right", "MAU-SH-001").right, "");
});

test("one more choice is added to a list, and replaces the value of other filters", () => {
  const state = readState("?huyen=997&chu-the=MAU-CT-001");
  assert.deepEqual(withChoice(state, "district", "996").district, ["996", "997"]);
  assert.deepEqual(withChoice(state, "district", "997").district, ["997"]);
  assert.equal(withChoice(state, "producer", "MAU-CT-002").producer, "MAU-CT-002");
});

test("moving the map or opening a product is not a choice", () => {
  const state = readState("?sao=3");
  assert.ok(sameChoices(state, { ...state, product: "MAU-SP-001", view: "9/11/109" }));
  assert.ok(!sameChoices(state, { ...state, near: "11.5,109" }));
});

test("positions are rounded", () => {
  assert.equal(writePlace([108.99123, 11.5]), "11.5,108.991");
  assert.deepEqual(readPlace("11.5,108.991"), [108.991, 11.5]);
  const view = { zoom: 10.5, at: [108.912345, 11.6] };
  assert.equal(writeView(view), "10.5/11.6/108.9123");
  assert.deepEqual(readView("10.5/11.6/108.9123"), { zoom: 10.5, at: [108.9123, 11.6] });
});

test("each key has one parameter", () => {
  for (const [key, parameter] of Object.entries(PARAMETERS)) assert.equal(keyOf(parameter), key);
  assert.equal(keyOf("utm_source"), undefined);
  assert.equal(keyOf("district"), undefined);
});
