import assert from "node:assert/strict";
import { test } from "node:test";
import { fold } from "../../geodata/static/geodata/js/fold.js";

test("diacritics, case and punctuation are removed, đ becomes d", () => {
  assert.equal(fold("  Đường – MẬT nho (Vĩnh Hậu)! "), "duong mat nho vinh hau");
});

test("both placements of the tone fold to the same", () => {
  assert.equal(fold("Hoà"), fold("Hòa"));
});

test("composed and decomposed text fold to the same", () => {
  assert.equal(fold("Tỏi Phan Lang".normalize("NFD")), "toi phan lang");
});

test("a text without letters and digits folds to nothing", () => {
  assert.equal(fold("!!! – “”"), "");
});
