import assert from "node:assert/strict";
import fc from "fast-check";
import { isNestedDeeperThan } from "./jsonNesting.ts";

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

Deno.test("counts levels as the parsed value has them, brackets in strings aside", () => {
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
    const text = JSON.stringify(value, null, 1);
    const depth = depthOf(JSON.parse(text));
    assert.equal(isNestedDeeperThan(text, depth), false);
    if (depth > 0) assert.equal(isNestedDeeperThan(text, depth - 1), true);
  }));
});

Deno.test("quotes, escapes and brackets in strings count for nothing", () => {
  assert.equal(isNestedDeeperThan(String.raw`["[[[{{{\"[[[\\", "]]"]`, 1), false);
  assert.equal(isNestedDeeperThan('"[[[[', 1), false);
});

Deno.test("stops at the level that is too deep: what comes after costs nothing", () => {
  assert.equal(isNestedDeeperThan("[".repeat(1_000_000), 64), true);
});
