import assert from "node:assert/strict";
import fc from "fast-check";
import { wilsonInterval } from "./wilsonInterval.ts";

Deno.test("an interval holds its share, stays within 0 and 1, and narrows as trials grow", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (trials, part) => {
      const successes = Math.floor(trials * part);
      const { value, low, high } = wilsonInterval(successes, trials);
      assert.ok(low >= 0 && low <= value + 1e-12 && value <= high + 1e-12 && high <= 1);
      const more = wilsonInterval(successes * 10, trials * 10);
      assert.ok(more.high - more.low < high - low);
    }),
  );
});

Deno.test("as the textbook has it: 10 of 100 is between 5.5 and 17.4 percent; nothing tried says nothing", () => {
  const { low, high } = wilsonInterval(10, 100);
  assert.deepEqual([low.toFixed(4), high.toFixed(4)], ["0.0552", "0.1744"]);
  assert.deepEqual(wilsonInterval(0, 0), { value: 0, low: 0, high: 1 });
});
