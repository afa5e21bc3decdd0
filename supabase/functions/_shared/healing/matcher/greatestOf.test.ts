import assert from "node:assert/strict";
import fc from "fast-check";
import { greatestOf } from "./greatestOf.ts";

Deno.test("greatestOf picks as a stable sort would, for few and for many", () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 40 }), fc.nat(45), (values, count) => {
    const sorted = values.map((_, at) => at).sort((a, b) => values[b]! - values[a]!).slice(0, count);
    assert.deepEqual(greatestOf(Float64Array.from(values), count), sorted);
  }));
});
