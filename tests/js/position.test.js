import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDegrees, parsePair } from "../../geodata/static/geodata/js/position.js";

const PHAN_RANG = { lat: 11.565, lng: 108.99 };

for (const text of [
  "11.565, 108.99",
  "11.565,108.99",
  " 11.565 108.99 ",
  "11,565; 108,99",
  "11,565 108,99",
  "11,565, 108,99",
]) {
  test(`“${text}” is a pair`, () => assert.deepEqual(parsePair(text), PHAN_RANG));
}

for (const text of ["11.565", "11,565", "", "Phan Lang", "95, 100", "11, 200", "1 2 3"]) {
  test(`“${text}” is not a pair`, () => assert.equal(parsePair(text), null));
}

test("degrees have a decimal point or comma", () => {
  assert.equal(parseDegrees("11.565"), 11.565);
  assert.equal(parseDegrees("-11,565"), -11.565);
});

test("any other text is not a number of degrees", () => {
  for (const text of ["", "x", "1e3", "NaN", "Infinity", "1.2.3", "11°"]) {
    assert.ok(Number.isNaN(parseDegrees(text)), text);
  }
});
