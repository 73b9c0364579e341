import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const TOKENS = new URL("../../geodata/static/geodata/css/tokens.css", import.meta.url);
const [light, dark] = readFileSync(TOKENS, "utf8")
  .split("@media print")[0]
  .split("@media (prefers-color-scheme: dark)")
  .map((css) => {
    const colours = css.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g);
    return Object.fromEntries(Array.from(colours, ([, name, colour]) => [name, colour]));
  });
const SCHEMES = { light, dark: { ...light, ...dark } };

// Text colour and background.
const PAIRS = [
  ...["paper", "raised", "tint", "land", "home", "sea", "shore"].flatMap((background) => [
    ["ink", background],
    ["muted", background],
  ]),
  ...["paper", "raised", "tint"].map((background) => ["clay", background]),
  ["on-clay", "clay"],
  ["on-clay", "green"],
  ["on-amber", "amber"],
  ["grape", "paper"],
];
// What is drawn, and its background: at least 3 : 1.
const GROUPS = ["I", "II", "III", "IV", "V", "VI", "none"];
const DRAWN_PAIRS = [
  ...GROUPS.map((group) => [`on-group-${group}`, `group-${group}`]),
  ["gold", "paper"],
];

function luminance(colour) {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a, b) {
  const [dim, bright] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (bright + 0.05) / (dim + 0.05);
}

for (const [scheme, colours] of Object.entries(SCHEMES)) {
  for (const [pairs, least] of [
    [PAIRS, 4.5],
    [DRAWN_PAIRS, 3],
  ]) {
    for (const [text, background] of pairs) {
      test(`${scheme}: ${text} on ${background} has a contrast of at least ${least}`, () => {
        const ratio = contrast(colours[text], colours[background]);
        assert.ok(ratio >= least, `${ratio.toFixed(2)} : 1`);
      });
    }
  }
}
