import assert from "node:assert/strict";
import { test } from "node:test";
import { Problems } from "../../../frontend/static/frontend/js/map/messages.js";

/** Problems with a fake element. */
function makeProblems() {
  const paragraph = { textContent: "" };
  let press;
  const button = {
    addEventListener: (_event, listener) => {
      press = listener;
    },
  };
  const element = {
    hidden: true,
    querySelector: (selector) => (selector === "p" ? paragraph : button),
  };
  const problems = new Problems(element);
  const shown = () => (element.hidden ? null : paragraph.textContent);
  return { problems, shown, press: () => press() };
}

test("products that are not loaded are more important than all other parts", () => {
  const { problems, shown } = makeProblems();
  problems.set("products", "no products");
  problems.set("areas", "no areas");
  assert.equal(shown(), "no products");
});

test("of other parts the last one is shown, until it has loaded", () => {
  const { problems, shown } = makeProblems();
  problems.set("layer commune", "no communes");
  problems.set("areas", "no areas");
  assert.equal(shown(), "no areas");
  problems.set("areas");
  assert.equal(shown(), "no communes");
  problems.set("layer commune");
  assert.equal(shown(), null);
});

test("one button retries all parts, and each may fail again", () => {
  const { problems, shown, press } = makeProblems();
  const retried = [];
  problems.set("areas", "no areas", () => retried.push("areas"));
  problems.set("products", "no products", () => {
    retried.push("products");
    problems.set("products", "still no products");
  });
  press();
  assert.deepEqual(retried, ["areas", "products"]);
  assert.equal(shown(), "still no products");
});
