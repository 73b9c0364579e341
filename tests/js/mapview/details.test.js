import assert from "node:assert/strict";
import { test } from "node:test";
import {
  DetailLayer,
  intersection,
  levelAt,
  squaresIn,
} from "../../../geodata/static/geodata/js/mapview/details.js";

const BOX = [106.0, 19.0, 107.0, 19.6];

/** A DetailLayer with what it has drawn; contents: key of a square → its JSON, or an Error. */
function makeLayer(contents, { named = [] } = {}) {
  const classes = new Set();
  const drawn = new Set();
  const names = new Set();
  const requests = [];
  const steps = [];
  const layer = new DetailLayer({
    map: {
      getContainer: () => ({
        classList: {
          add: (name) => classes.add(name),
          toggle: (name, on) => (on ? classes.add(name) : classes.delete(name)),
        },
      }),
    },
    queue: { add: (...more) => steps.push(...more), request: () => {} },
    shapes: {
      add(_geometry, _pane, className) {
        drawn.add(className);
        return { remove: () => drawn.delete(className) };
      },
    },
    labels: {
      has: (text) => named.includes(text),
      add(label) {
        names.add(label.text);
        return label;
      },
      remove: (labels) => {
        for (const { text } of labels) names.delete(text);
      },
    },
    source: { url: "/squares/", box: BOX },
    load: async (url) => {
      requests.push(url);
      const content = contents[url.slice("/squares/".length, -".json".length)] ?? {};
      if (content instanceof Error) throw content;
      return content;
    },
  });
  const settle = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    for (const step of steps.splice(0)) step();
  };
  return { layer, drawn, names, requests, classes, settle };
}

test("each zoom has one level", () => {
  assert.deepEqual([8, 10.5, 11, 12.5, 13, 18].map(levelAt), [8, 8, 10, 10, 12, 12]);
});

test("the squares of a box are those of a web map", () => {
  // x = (106.5 + 180) / 360 × 256 = 203.7; y by the Mercator projection.
  assert.deepEqual(squaresIn([106.5, 19.2, 106.6, 19.3], 8), [{ level: 8, x: 203, y: 114 }]);
  assert.equal(squaresIn([106.0, 19.0, 107.0, 19.6], 10).length, 4 * 2);
});

test("boxes that only touch share nothing", () => {
  assert.deepEqual(intersection([0, 0, 2, 2], [1, 1, 3, 3]), [1, 1, 2, 2]);
  assert.equal(intersection([0, 0, 1, 1], [1, 0, 2, 1]), null);
});

test("a square is loaded once, drawn, and removed at another level", async () => {
  const content = { shapes: { "road-main": {} }, names: [["place", "Xóm", 106.5, 19.2, 12]] };
  const { layer, drawn, names, requests, classes, settle } = makeLayer({ "8/203/114": content });
  const view = [106.5, 19.2, 106.6, 19.3];

  layer.show(view, 9);
  await settle();
  layer.show(view, 10);
  await settle();
  assert.deepEqual(requests, ["/squares/8/203/114.json"]);
  assert.deepEqual([[...drawn], [...names]], [["base-road-main"], ["Xóm"]]);
  assert.ok(classes.has("has-details"));

  layer.show(view, 11);
  await settle();
  assert.deepEqual([drawn.size, names.size], [0, 0]);
});

test("what arrives after the zoom has changed is not drawn", async () => {
  const { layer, drawn, settle } = makeLayer({ "8/203/114": { shapes: { rail: {} } } });
  const view = [106.5, 19.2, 106.6, 19.3];

  layer.show(view, 9);
  layer.show(view, 11);
  await settle();

  assert.equal(drawn.size, 0);
});

test("nothing is requested outside of the extract", () => {
  const { layer, requests } = makeLayer({});
  layer.show([100, 10, 101, 11], 9);
  assert.deepEqual(requests, []);
});

test("a square that could not be loaded is requested again", async () => {
  const { layer, requests, settle } = makeLayer({ "8/203/114": new Error("offline") });
  const view = [106.5, 19.2, 106.6, 19.3];
  layer.show(view, 9);
  await settle();
  layer.show(view, 9);
  assert.equal(requests.length, 2);
});

test("a village with the name of a town or commune is not named twice", async () => {
  const names = [
    ["place", "Phố", 106.5, 19.2, 12],
    ["road", "Phố", 106.5, 19.2, 8],
  ];
  const made = makeLayer({ "8/203/114": { names } }, { named: ["Phố"] });
  made.layer.show([106.5, 19.2, 106.6, 19.3], 9);
  await made.settle();
  assert.equal(made.names.size, 1);
  assert.deepEqual([...made.names], ["Phố"]);
});
