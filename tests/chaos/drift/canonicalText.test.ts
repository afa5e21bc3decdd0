import assert from "node:assert/strict";
import { canonicalDecimal, canonicalText, stableJson } from "./canonicalText.ts";

Deno.test("a decimal has one text, and another decimal another", () => {
  for (const text of ["12.5", "012.50", "+12.5", "1.25e1", "125e-1", "12.500"]) {
    assert.equal(canonicalDecimal(text), "12.5");
  }
  assert.deepEqual(["0", "-0.00", "0e9", ".0"].map(canonicalDecimal), ["0", "0", "0", "0"]);
  assert.deepEqual(["1e3", "-0.05", "5e-2", "1234567890123456789"].map(canonicalDecimal), [
    ...["1000", "-0.05", "0.05", "1234567890123456789"],
  ]);
  assert.deepEqual(["", "1,5", "abc", "."].map(canonicalDecimal), ["", "1,5", "abc", "."]);
  assert.notEqual(canonicalDecimal("12.05"), canonicalDecimal("12.5"));
});

Deno.test("moments, with and without a zone, are told to the millisecond", () => {
  const zoned = "timestamptz";
  for (const text of ["2024-03-05 10:20:30.5+00", "2024-03-05T10:20:30.500Z", "2024-03-05T12:20:30.5+02:00"]) {
    assert.equal(canonicalText(zoned, text), "2024-03-05T10:20:30.500Z");
  }
  const local = "timestamp";
  for (const text of ["2024-03-05 10:20:30", "2024-03-05T10:20:30.000Z"]) {
    assert.equal(canonicalText(local, text), "2024-03-05T10:20:30.000");
  }
});

Deno.test("what differs in a text, a list or an object, differs", () => {
  assert.equal(canonicalText("jsonb", '{"b": 1, "a": [1, 2]}'), stableJson({ a: [1, 2], b: 1 }));
  assert.notEqual(canonicalText("text[]", '["a","b"]'), canonicalText("text[]", '["b","a"]'));
  assert.equal(canonicalText("text", " 007 "), " 007 ");
  assert.equal(canonicalText("uuid", "A0EE"), "a0ee");
});
