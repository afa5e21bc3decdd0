import assert from "node:assert/strict";
import { readNumber } from "./readNumber.ts";

Deno.test("readNumber reads the leading number with marks, currency and scales", () => {
  assert.equal(readNumber("$1,234.50"), 1234.5);
  assert.equal(readNumber("-3"), -3);
  assert.equal(readNumber("4k"), 4000);
  assert.equal(readNumber("3\u5104"), 300_000_000);
  assert.equal(readNumber("5 km"), 5, "a unit is not a scale");
  assert.ok(Number.isNaN(readNumber("taipei")));
});
