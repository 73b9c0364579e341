import assert from "node:assert/strict";
import { test } from "node:test";
import { currentPosition } from "../../../frontend/static/frontend/js/map/geolocation.js";

test("the position of the device is returned as [lng, lat]", async () => {
  const coords = { latitude: 11.57, longitude: 108.99 };
  const geolocation = { getCurrentPosition: (success) => success({ coords }) };
  assert.deepEqual(await currentPosition(geolocation), [108.99, 11.57]);
});

for (const [code, reason] of [
  [1, "near_denied"],
  [2, "near_unavailable"],
  [3, "near_timeout"],
  [9, "near_unavailable"],
]) {
  test(`error ${code} of the browser is ${reason}`, async () => {
    const geolocation = { getCurrentPosition: (_success, failure) => failure({ code }) };
    await assert.rejects(currentPosition(geolocation), { reason });
  });
}

test("a device without geolocation has no position", async () => {
  await assert.rejects(currentPosition(null), { reason: "near_unavailable" });
});
