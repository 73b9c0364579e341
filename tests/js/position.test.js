import assert from "node:assert/strict";
import { test } from "node:test";
import {
  arrowStep,
  degreesText,
  parseDegrees,
  parsePair,
} from "../../geodata/static/geodata/js/position.js";

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

test("a position is written as the server writes it", () => {
  assert.equal(degreesText([108.99, 11.565]), "11.565, 108.99");
  assert.equal(degreesText([108.123456789, 11.000000049]), "11, 108.1234568");
});

test("an arrow key moves by a round number of metres, in its direction", () => {
  const moves = ["ArrowUp", "ArrowDown", "ArrowRight", "ArrowLeft"].map((key) =>
    arrowStep([108.99, 11.565], key, 15),
  );

  assert.deepEqual(
    moves.map(({ direction, metres }) => [direction, metres]),
    [
      ["north", 50],
      ["south", 50],
      ["east", 50],
      ["west", 50],
    ],
  );
  const [north, south, east, west] = moves.map(({ at: [lng, lat] }) => [
    (lng - 108.99) * 111_320 * Math.cos((11.565 * Math.PI) / 180),
    (lat - 11.565) * 111_320,
  ]);
  const wanted = [
    [0, 50],
    [0, -50],
    [50, 0],
    [-50, 0],
  ];
  for (const [index, [x, y]] of [north, south, east, west].entries()) {
    assert.ok(Math.hypot(x - wanted[index][0], y - wanted[index][1]) < 0.01);
  }
});

test("with Shift a step is a tenth, and never less than a metre", () => {
  assert.equal(arrowStep([108.99, 11.565], "ArrowUp", 15, true).metres, 5);
  assert.equal(arrowStep([108.99, 11.565], "ArrowUp", 18, true).metres, 1);
});

test("other keys move nothing", () => {
  assert.equal(arrowStep([108.99, 11.565], "Enter", 15), null);
});
