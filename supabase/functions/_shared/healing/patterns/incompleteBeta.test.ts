import assert from "node:assert/strict";
import fc from "fast-check";
import { incompleteBeta, inverseIncompleteBeta, logGamma } from "./incompleteBeta.ts";

const near = (actual: number, expected: number, tolerance = 1e-9) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

/** For whole shapes the function is a binomial tail: an oracle that shares no code with it. */
function binomialTail(x: number, a: number, b: number): number {
  const n = a + b - 1;
  let sum = 0;
  for (let j = a; j <= n; j++) {
    let term = 1;
    for (let k = 1; k <= j; k++) term *= (n - j + k) / k * x;
    sum += term * (1 - x) ** (n - j);
  }
  return sum;
}

Deno.test("logGamma of whole and half numbers is what factorials say", () => {
  near(logGamma(1), 0, 1e-13);
  near(logGamma(11), Math.log(3_628_800), 1e-12);
  near(logGamma(0.5), Math.log(Math.PI) / 2, 1e-13);
  near(logGamma(0.25), Math.log(3.625609908221908), 1e-13);
});

Deno.test("quantiles with a closed form", () => {
  for (const n of [1, 2, 5, 28, 29, 1_000, 1_000_000]) {
    near(inverseIncompleteBeta(0.05, n, 1), 0.05 ** (1 / n));
    near(inverseIncompleteBeta(0.05, 1, n), -Math.expm1(Math.log(0.95) / n));
  }
  near(inverseIncompleteBeta(0.05, 0.5, 0.5), Math.sin(Math.PI * 0.025) ** 2);
  near(inverseIncompleteBeta(0.05, 2, 2), 0.5 - Math.sin(Math.asin(0.9) / 3)); // 3x^2 - 2x^3 = 0.05
  near(inverseIncompleteBeta(0.5, 7.25, 7.25), 0.5);
});

Deno.test("whole shapes agree with the binomial tail", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 60 }),
    fc.integer({ min: 1, max: 60 }),
    fc.double({ min: 0.001, max: 0.999, noNaN: true }),
    (a, b, x) => near(incompleteBeta(x, a, b), binomialTail(x, a, b)),
  ));
});

Deno.test("the inverse undoes it, from tiny to huge shapes", () => {
  const shape = fc.double({ min: 0.5, max: 1e5, noNaN: true });
  fc.assert(fc.property(shape, shape, fc.double({ min: 0.001, max: 0.999, noNaN: true }), (a, b, p) => {
    near(incompleteBeta(inverseIncompleteBeta(p, a, b), a, b), p, 1e-6);
  }));
});

Deno.test("shapes and probabilities that are none are refused", () => {
  assert.throws(() => incompleteBeta(0.5, 0, 1), /both shapes must be above 0: got 0, 1/);
  assert.throws(() => inverseIncompleteBeta(Number.NaN, 1, 1), /'p' must be from 0 to 1: got NaN/);
});
