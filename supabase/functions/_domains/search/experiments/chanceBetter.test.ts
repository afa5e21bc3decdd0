import assert from "node:assert/strict";
import fc from "fast-check";
import { chanceBetter } from "./chanceBetter.ts";

const trials = fc.integer({ min: 0, max: 5_000 }).chain((count) =>
  fc.record({ trials: fc.constant(count), successes: fc.integer({ min: 0, max: count }) })
);

Deno.test("what one arm's chance is, the other's is not; more successes never lower it", () => {
  fc.assert(fc.property(trials, trials, (control, treatment) => {
    const chance = chanceBetter(control, treatment);
    assert.ok(chance >= 0 && chance <= 1);
    assert.ok(Math.abs(chance + chanceBetter(treatment, control) - 1) < 1e-6);
    if (treatment.successes < treatment.trials) {
      const better = { ...treatment, successes: treatment.trials };
      assert.ok(chanceBetter(control, better) >= chance - 1e-6);
    }
  }));
});

Deno.test("nothing known is even; a clear lead is nearly sure", () => {
  assert.ok(Math.abs(chanceBetter({ successes: 0, trials: 0 }, { successes: 0, trials: 0 }) - 0.5) < 1e-6);
  assert.ok(chanceBetter({ successes: 100, trials: 1_000 }, { successes: 150, trials: 1_000 }) > 0.999);
});
