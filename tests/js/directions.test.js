import assert from "node:assert/strict";
import { test } from "node:test";
import { directionsUrl } from "../../frontend/static/frontend/js/directions.js";

const place = { lat: "11.57432", lng: "108.98765", name: "Nho (đỏ) & táo" };

test("Android gets a geo: URL, with the name as its label", () => {
  assert.equal(
    directionsUrl(place, "Mozilla/5.0 (Linux; Android 14; SM-A155F) Mobile"),
    "geo:11.57432,108.98765?q=11.57432,108.98765(Nho%20%28%C4%91%E1%BB%8F%29%20%26%20t%C3%A1o)",
  );
});

test("an iPhone gets a URL of its own map", () => {
  assert.equal(
    directionsUrl(place, "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)"),
    "https://maps.apple.com/?daddr=11.57432,108.98765",
  );
});

test("other devices keep the link of the page", () => {
  assert.equal(directionsUrl(place, "Mozilla/5.0 (X11; Linux x86_64)"), undefined);
});
