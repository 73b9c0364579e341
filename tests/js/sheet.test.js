import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestStop } from "../../frontend/static/frontend/js/sheet.js";

test("a sheet comes to rest at the nearest of its stops", () => {
  assert.deepEqual([0.1, 0.45, 0.9].map(nearestStop), ["peek", "half", "full"]);
});
