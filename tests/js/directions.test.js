import assert from "node:assert/strict";
import { test } from "node:test";
import {
  directionLinks,
  directionsUrl,
  routeUrl,
} from "../../frontend/static/frontend/js/directions.js";

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

test("a place has directions in three maps", () => {
  assert.deepEqual(
    directionLinks({ lat: 11.5, lng: 109 }).map(({ url }) => url),
    [
      "https://www.google.com/maps/dir/?api=1&destination=11.5,109",
      "https://maps.apple.com/?daddr=11.5,109",
      "https://www.openstreetmap.org/directions?to=11.5%2C109",
    ],
  );
});

test("a route has its places in their order, and none that would be left out", () => {
  const positions = [1, 2, 3].map((lat) => [109, lat]);
  assert.equal(
    routeUrl(positions),
    "https://www.google.com/maps/dir/?api=1&destination=3,109&waypoints=1%2C109%7C2%2C109",
  );
  assert.ok(routeUrl(Array(10).fill([109, 11])));
  assert.equal(routeUrl(Array(11).fill([109, 11])), undefined);
  assert.equal(routeUrl([[109, 11]]), undefined);
});
