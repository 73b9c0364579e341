import assert from "node:assert/strict";
import { test } from "node:test";
import { keepPosition } from "../../frontend/static/frontend/js/keep-view.js";

const HOME = { zoom: 9, at: [108.9, 11.6] };
const BOX = { clientWidth: 390, clientHeight: 700 };

/** A view that comes to rest when it is told to, and the text that is kept of it. */
function standing(text) {
  const view = {
    position: { zoom: 8, at: [0, 0] },
    onMove: (callback) => {
      view.rest = callback;
    },
    goHome: () => {
      view.position = HOME;
    },
    setPosition: (position) => {
      view.position = position;
    },
  };
  const address = { text, read: () => address.text };
  address.write = (written) => {
    address.text = written;
  };
  return { view, address, kept: keepPosition(view, BOX, address) };
}

test("a position is kept, and that of the whole province needs no words", () => {
  const { view, address } = standing("");
  view.rest();
  assert.equal(address.text, "");
  view.position = { zoom: 12, at: [109, 11.5] };
  view.rest();
  assert.equal(address.text, "12/11.5/109");
  view.position = HOME;
  view.rest();
  assert.equal(address.text, "");
});

test("a position that is restored while the map is on its way home stays in the address", () => {
  const { view, address, kept } = standing("");
  address.text = "12/11.5/109";
  kept.restore();
  view.rest();
  assert.deepEqual(view.position, { zoom: 12, at: [109, 11.5] });
  assert.equal(address.text, "12/11.5/109");
});

test("a shift by a pixel leaves the address as it was shared, a larger one does not", () => {
  const { view, address } = standing("12/11.573/108.955");
  view.position = { zoom: 12, at: [108.9548, 11.5729] };
  view.rest();
  assert.equal(address.text, "12/11.573/108.955");
  view.position = { zoom: 12, at: [108.9548, 11.5725] };
  view.rest();
  assert.equal(address.text, "12/11.5725/108.9548");
});
