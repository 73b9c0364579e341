import assert from "node:assert/strict";
import { test } from "node:test";
import { FrameQueue } from "../../../geodata/static/geodata/js/mapview/frames.js";

/** A queue whose frames and clock are driven by the test; each step takes one millisecond. */
function makeQueue() {
  const done = [];
  let frame = null;
  let time = 0;
  const queue = new FrameQueue(() => done.push("idle"), {
    requestFrame: (callback) => {
      frame = callback;
      return 1;
    },
    cancelFrame: () => {
      frame = null;
    },
    now: () => time,
  });
  const step = (name) => () => {
    time += 1;
    done.push(name);
  };
  const nextFrame = () => {
    const callback = frame;
    frame = null;
    callback?.();
    return done.splice(0);
  };
  return { queue, step, nextFrame };
}

test("a frame runs as many steps as fit into two milliseconds", () => {
  const { queue, step, nextFrame } = makeQueue();
  queue.add(step("a"), step("b"), step("c"));
  queue.request();
  assert.deepEqual(nextFrame(), ["a", "b"]);
  assert.deepEqual(nextFrame(), ["c"]);
  assert.deepEqual(nextFrame(), ["idle"]);
  assert.deepEqual(nextFrame(), []);
});

test("urgent steps run first, and later ones replace them", () => {
  const { queue, step, nextFrame } = makeQueue();
  queue.add(step("base"));
  queue.setUrgent([step("old 1"), step("old 2"), step("old 3")]);
  queue.request();
  assert.deepEqual(nextFrame(), ["old 1", "old 2"]);
  queue.setUrgent([step("new")]);
  queue.request();
  assert.deepEqual(nextFrame(), ["new"]);
  assert.deepEqual(nextFrame(), ["base"]);
});

test("several requests are one frame", () => {
  const { queue, nextFrame } = makeQueue();
  queue.request();
  queue.request();
  assert.deepEqual(nextFrame(), ["idle"]);
  assert.deepEqual(nextFrame(), []);
});

test("urgent steps can begin without a frame", () => {
  const { queue, step, nextFrame } = makeQueue();
  queue.setUrgent([step("a"), step("b"), step("c")]);
  queue.runUrgent();
  queue.request();
  assert.deepEqual(nextFrame(), ["a", "b", "c"]);
});
