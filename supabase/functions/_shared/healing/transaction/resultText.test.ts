import assert from "node:assert/strict";
import { readResultText, toResultText } from "./resultText.ts";

Deno.test("what is kept is what is told", () => {
  const results = [undefined, null, 0, "", "nul \u0000 half \ud800", [], { id: "9007199254740993", rows: [1.5, null] }];
  for (const result of results) assert.deepEqual(readResultText(toResultText(result)), result);
  assert.equal(readResultText(toResultText(new Date(0))), "1970-01-01T00:00:00.000Z");
});

Deno.test("what JSON would change unnoticed is refused", () => {
  for (const result of [1n, Number.NaN, { deep: [Infinity] }, () => 1, Symbol("s")]) {
    assert.throws(() => toResultText(result), TypeError);
  }
});
