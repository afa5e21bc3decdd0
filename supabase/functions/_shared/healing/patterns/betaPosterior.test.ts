import assert from "node:assert/strict";
import fc from "fast-check";
import { betaPosterior } from "./betaPosterior.ts";

const count = fc.integer({ min: 0, max: 5_000 });

Deno.test("28 successes in a row are the fewest whose lower bound passes 0.9", () => {
  assert.ok(betaPosterior({ successes: 27, failures: 0 }).lowerBound < 0.9);
  const { lowerBound, mean } = betaPosterior({ successes: 28, failures: 0 });
  assert.ok(Math.abs(lowerBound - 0.05 ** (1 / 29)) < 1e-9);
  assert.equal(mean, 29 / 30);
});

Deno.test("without outcomes the bound is the prior's", () => {
  assert.ok(Math.abs(betaPosterior({ successes: 0, failures: 0 }).lowerBound - 0.05) < 1e-9);
});

Deno.test("the bound lies above 0 and below the mean wherever a success is not unlikely", () => {
  fc.assert(fc.property(count, count, (successes, failures) => {
    const { lowerBound, mean } = betaPosterior({ successes, failures });
    assert.ok(lowerBound > 0 && lowerBound < mean && mean < 1, `${lowerBound} ${mean}`);
  }));
});

Deno.test("more successes never lower the bound, more failures never raise it: a better arm never ranks lower", () => {
  fc.assert(fc.property(count, count, fc.integer({ min: 1, max: 50 }), (successes, failures, more) => {
    const { lowerBound } = betaPosterior({ successes, failures });
    assert.ok(betaPosterior({ successes: successes + more, failures }).lowerBound > lowerBound);
    assert.ok(betaPosterior({ successes, failures: failures + more }).lowerBound < lowerBound);
  }));
});

Deno.test("the same rate over more outcomes is believed more", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 2, max: 20 }), (n, times) => {
    const few = betaPosterior({ successes: 9 * n, failures: n });
    const many = betaPosterior({ successes: 9 * n * times, failures: n * times });
    assert.ok(many.lowerBound > few.lowerBound);
  }));
});

Deno.test("counts below 0 are refused", () => {
  assert.throws(() => betaPosterior({ successes: -1, failures: 0 }), /counts must be at least 0: got -1, 0/);
});
