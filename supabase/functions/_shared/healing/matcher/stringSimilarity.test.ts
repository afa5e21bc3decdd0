import assert from "node:assert/strict";
import fc from "fast-check";
import { abbreviationSimilarity, countBits, editDistance } from "./stringSimilarity.ts";

Deno.test("editDistance counts an edit, and a swap of neighbours once", () => {
  assert.equal(editDistance("price", "prize"), 1);
  assert.equal(editDistance("adress", "address"), 1);
  assert.equal(editDistance("qauntity", "quantity"), 1);
  assert.equal(editDistance("", "abc"), 3);
});

Deno.test("editDistance is symmetric, and zero only between equals", () => {
  fc.assert(fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (a, b) => {
    assert.equal(editDistance(a, b), editDistance(b, a));
    assert.equal(editDistance(a, b) === 0, a === b);
  }));
});

Deno.test("abbreviationSimilarity knows prefixes, consonants and letters in order", () => {
  assert.equal(abbreviationSimilarity("cntry", "country"), 0.9);
  assert.ok(abbreviationSimilarity("desc", "description") > 0.6);
  assert.ok(abbreviationSimilarity("qty", "quantity") > 0.3);
  assert.equal(abbreviationSimilarity("tax", "country"), 0);
  assert.equal(abbreviationSimilarity("country", "cntry"), 0, "the short form comes first");
});

Deno.test("countBits counts every bit of a 32-bit mask", () => {
  fc.assert(fc.property(fc.integer(), (mask) => {
    assert.equal(countBits(mask), (mask >>> 0).toString(2).replaceAll("0", "").length);
  }));
});
