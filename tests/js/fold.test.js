import assert from "node:assert/strict";
import { test } from "node:test";
import { fold } from "../../geodata/static/geodata/js/fold.js";

test("diacritics, case and punctuation are removed, đ becomes d", () => {
  assert.equal(fold("  Đường – MẬT nho (Vĩnh Hải)! "), "duong mat nho vinh hai");
});

test("both placements of the tone fold to the same", () => {
  assert.equal(fold("Hoà"), fold("Hòa"));
});

test("composed and decomposed text fold to the same", () => {
  assert.equal(fold("Tỏi Phan Rang".normalize("NFD")), "toi phan rang");
});

test("a text without letters and digits folds to nothing", () => {
  assert.equal(fold("!!! – “”"), "");
});
