import assert from "node:assert/strict";
import { test } from "node:test";
import { pictogramOf } from "../../../frontend/static/frontend/js/symbols.js";

// The index of the page: name, words, pictogram.
const TYPES = { wine: ["rượu vang", "wine", "wine"], other: ["khác", "", "group-II"] };

test("the pictogram is that of the type, else the shape of the product's group", () => {
  assert.equal(pictogramOf({ type: "wine", category_code: "I" }, TYPES), "wine");
  assert.equal(pictogramOf({ type: "other", category_code: "I" }, TYPES), "group-II");
  // A type that was added after the page was made.
  assert.equal(pictogramOf({ type: "new", category_code: "I" }, TYPES), "group-I");
  assert.equal(pictogramOf({ type: null, category_code: null }, TYPES), "group-none");
});
