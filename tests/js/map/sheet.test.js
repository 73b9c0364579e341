import assert from "node:assert/strict";
import { test } from "node:test";
import { mapPadding, nearestStop } from "../../../frontend/static/frontend/js/map/sheet.js";

test("a dragged sheet moves to the nearest stop", () => {
  assert.deepEqual([0.3, 0.55, 0.9].map(nearestStop), ["peek", "half", "full"]);
});

test("on narrow screens search box and sheet cover the map, on wide ones nothing does", () => {
  const narrow = { isNarrow: true, windowHeight: 800 };
  const sides = { top: 72, right: 8, left: 8, popupTop: 128 };
  assert.deepEqual(mapPadding({ ...narrow, stop: "peek" }), { ...sides, bottom: 348 });
  assert.deepEqual(mapPadding({ ...narrow, stop: "half" }), { ...sides, bottom: 460 });
  const low = mapPadding({ isNarrow: true, windowHeight: 600, stop: "peek" });
  assert.equal(low.bottom, 264);
  const margins = { top: 12, right: 12, bottom: 40, left: 12, popupTop: 68 };
  assert.deepEqual(mapPadding({ isNarrow: false, stop: "half", windowHeight: 800 }), margins);
});
