import assert from "node:assert/strict";
import { isSameValue } from "./sameValue.ts";

Deno.test("the same values are the same, whatever the order of their keys", () => {
  const value = () => ({ b: [1, null, NaN], a: { at: new Date(0), bytes: new Uint8Array([1]), constructor: 1 } });
  assert.ok(isSameValue(value(), value()));
  assert.ok(isSameValue({ a: 1, b: 2 }, { b: 2, a: 1 }));
});

Deno.test("values that differ in the least are not", () => {
  const pairs: [unknown, unknown][] = [
    [0, -0],
    [1, 1n],
    ["1", 1],
    [{ a: undefined }, {}],
    [{ a: undefined }, { b: undefined }],
    [[1], [1, 2]],
    [[], {}],
    [new Date(0), new Date(1)],
    [new Date(0), {}],
    [new Uint8Array([1]), new Uint8Array([2])],
    [null, {}],
    [{ a: { b: 1 } }, { a: { b: 2 } }],
    [new Map(), new Map()],
  ];
  for (const [left, right] of pairs) assert.ok(!isSameValue(left, right) && !isSameValue(right, left));
});
