import assert from "node:assert/strict";
import { test } from "node:test";
import { ResultList } from "../../../frontend/static/frontend/js/map/result-list.js";
import { takeOverItems } from "../../../frontend/static/frontend/js/map/served-list.js";

const PRODUCTS = [{ id: "A" }, { id: "B" }];

/** A fake list with an item for each code. */
function makeList(codes) {
  let listener;
  const list = {
    children: codes.map((code) => ({ dataset: { code } })),
    addEventListener: (_event, action) => {
      listener = action;
    },
  };
  const click = (item, field, keys = {}) => {
    const event = {
      ...keys,
      isPrevented: false,
      preventDefault: () => {
        event.isPrevented = true;
      },
      target: {
        closest: (selector) =>
          selector === ".item" ? item : selector === `[data-field=${field}]` && {},
      },
    };
    listener(event);
    return event.isPrevented;
  };
  return { list, click };
}

function takeOver(list, products = PRODUCTS) {
  const calls = [];
  const onOpen = ({ id }) => calls.push(`open ${id}`);
  const onShowOnMap = ({ id }) => calls.push(`map ${id}`);
  return { calls, isUsed: takeOverItems(list, products, { onOpen, onShowOnMap }) };
}

test("items of other products, or in another order, are not used", () => {
  for (const codes of [["B", "A"], ["A"], ["A", "B", "C"], ["A", "C"]]) {
    assert.equal(takeOver(makeList(codes).list).isUsed, false, codes.join());
  }
  assert.equal(takeOver(makeList([]).list, []).isUsed, false);
});

test("link and button of an item that came with the page act as those that a script made", () => {
  const { list, click } = makeList(["A", "B"]);
  const { calls, isUsed } = takeOver(list);
  const [first, second] = list.children;
  assert.equal(isUsed, true);
  assert.equal(click(second, "link"), true);
  click(first, "show");
  assert.deepEqual(calls, ["open B", "map A"]);
});

test("the link opens a new tab with a key, and items added later have their own listeners", () => {
  const { list, click } = makeList(["A", "B"]);
  const { calls } = takeOver(list);
  assert.equal(click(list.children[0], "link", { ctrlKey: true }), false);
  assert.equal(click({ dataset: { code: "A" } }, "link"), false);
  click(list.children[0], "heart");
  assert.deepEqual(calls, []);
});

test("only the first list may be the one that came with the page", () => {
  const made = [];
  let replaced = 0;
  const list = {
    classList: { add: () => {} },
    replaceChildren: () => {
      replaced += 1;
    },
  };
  const more = { addEventListener: () => {} };
  const results = new ResultList(
    { list, more, count: { textContent: "" } },
    { createItem: (product) => made.push(product.id), takeOver: () => true },
  );
  results.show(PRODUCTS);
  assert.deepEqual([made, replaced, more.hidden], [[], 0, true]);
  results.show(PRODUCTS);
  assert.deepEqual([made, replaced], [["A", "B"], 1]);
});
