import assert from "node:assert/strict";
import { test } from "node:test";
import { ResultList } from "../../../frontend/static/frontend/js/map/result-list.js";

const PRODUCTS = Array.from({ length: 7 }, (_, i) => `P-${i + 1}`);

/** A ResultList of pages of two products; requests: {products, resolve, reject} of each. */
function makeList() {
  const items = [];
  const requests = [];
  const problems = [];
  const element = () => ({ textContent: "", hidden: false, addEventListener: () => {} });
  const list = {
    classList: { add: () => {} },
    append: (...more) => items.push(...more),
    replaceChildren: (...all) => items.splice(0, items.length, ...all),
  };
  const more = element();
  const results = new ResultList(
    { count: element(), chips: element(), activeFilters: element(), list, more },
    {
      createItem: (product) => product,
      pageSize: 2,
      withDetails: (products) =>
        new Promise((resolve, reject) => requests.push({ products, resolve, reject })),
      onProblem: (retry) => problems.push(retry),
    },
  );
  const answer = async (number) => {
    requests[number].resolve(requests[number].products);
    await new Promise((resolve) => setImmediate(resolve));
  };
  const fail = async (number) => {
    requests[number].reject(new Error());
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { results, items, requests, problems, more, answer, fail };
}

test("a page that is being loaded is requested once, and none is left out", async () => {
  const { results, items, requests, more, answer } = makeList();
  results.show(PRODUCTS, () => "");
  await answer(0);
  assert.deepEqual(items, ["P-1", "P-2"]);

  // The end of the list comes into view, and users press the button.
  results.showMore();
  results.showMore();
  assert.equal(requests.length, 2);
  await answer(1);
  results.showMore();
  await answer(2);

  assert.deepEqual(items, PRODUCTS.slice(0, 6));
  assert.equal(more.hidden, false);
});

test("a page that has failed is the next one again", async () => {
  const { results, items, problems, answer, fail } = makeList();
  results.show(PRODUCTS, () => "");
  await answer(0);
  results.showMore();
  await fail(1);
  assert.equal(problems.length, 1);

  results.showMore();
  await answer(2);

  assert.deepEqual(items, PRODUCTS.slice(0, 4));
});

test("what arrives for an earlier list, or fails, is ignored", async () => {
  const { results, items, problems, answer, fail } = makeList();
  results.show(PRODUCTS, () => "");
  results.show(PRODUCTS.slice(5), () => "");
  await answer(1);
  await answer(0);
  assert.deepEqual(items, ["P-6", "P-7"]);

  results.show(PRODUCTS, () => "");
  results.show(PRODUCTS.slice(6), () => "");
  await answer(3);
  await fail(2);
  assert.deepEqual(items, ["P-7"]);
  assert.equal(problems.length, 0);
});
