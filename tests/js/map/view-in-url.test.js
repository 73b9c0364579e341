import assert from "node:assert/strict";
import { test } from "node:test";
import { keepViewInUrl } from "../../../frontend/static/frontend/js/map/view-in-url.js";

const HOME = { zoom: 9, at: [108.9, 11.6] };
const RESULTS = { zoom: 11, at: [109, 11.6] };
const BOX = { clientWidth: 390, clientHeight: 700 };

/** A view that stops moving when view.stop() is called, and the text in the address. */
function makeView(text, getBox) {
  const view = {
    position: { zoom: 8, at: [0, 0] },
    onMove: (callback) => {
      view.stop = callback;
    },
    goHome: () => {
      view.position = HOME;
    },
    fit: () => {
      view.position = RESULTS;
    },
    setPosition: (position) => {
      view.position = position;
    },
  };
  const address = { text, read: () => address.text };
  address.write = (written) => {
    address.text = written;
  };
  return { view, address, viewInUrl: keepViewInUrl(view, BOX, address, getBox) };
}

test("a position is written, and that of the whole province is not", () => {
  const { view, address } = makeView("");
  view.stop();
  assert.equal(address.text, "");
  view.position = { zoom: 12, at: [109, 11.5] };
  view.stop();
  assert.equal(address.text, "12/11.5/109");
  view.position = HOME;
  view.stop();
  assert.equal(address.text, "");
});

test("a position restored while the map moves to the whole province stays in the address", () => {
  const { view, address, viewInUrl } = makeView("");
  address.text = "12/11.5/109";
  viewInUrl.restore();
  view.stop();
  assert.deepEqual(view.position, { zoom: 12, at: [109, 11.5] });
  assert.equal(address.text, "12/11.5/109");
});

test("a shift by a pixel does not change the address, a larger one does", () => {
  const { view, address } = makeView("12/11.573/108.955");
  view.position = { zoom: 12, at: [108.9548, 11.5729] };
  view.stop();
  assert.equal(address.text, "12/11.573/108.955");
  view.position = { zoom: 12, at: [108.9548, 11.5725] };
  view.stop();
  assert.equal(address.text, "12/11.5725/108.9548");
});

test("the view that shows the results is not written, a view of the user is", () => {
  let box = null;
  const { view, address, viewInUrl } = makeView("", () => box);
  view.stop();
  box = [108, 11, 109, 12];
  viewInUrl.showDefault();
  view.stop();
  assert.deepEqual([view.position, address.text], [RESULTS, ""]);
  view.position = { zoom: 13, at: [109, 11.5] };
  view.stop();
  assert.equal(address.text, "13/11.5/109");
  // The button that shows the whole province.
  view.position = HOME;
  view.stop();
  assert.equal(address.text, "");
});
