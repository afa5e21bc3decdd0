import assert from "node:assert/strict";
import fc from "fast-check";
import { seededRandom } from "../../random/seededRandom.ts";
import {
  compareBeside,
  compareSamples,
  confidence,
  momentsSample,
  shareSample,
  studentQuantile,
} from "./compareSamples.ts";

Deno.test("the interval is Welch's: as a textbook has it", () => {
  // Means 20.8 and 23.9, variances 17.2 and 21.4, 15 and 12 observations: t = -1.82, 22.4 degrees of freedom.
  const measured = compareSamples(
    { mean: 20.8, variance: 17.2, observations: 15 },
    { mean: 23.9, variance: 21.4, observations: 12 },
    confidence.cautious,
  )!;
  assert.ok(Math.abs(measured.difference + 3.1) < 1e-9);
  const quantile = (measured.upper - measured.difference) / Math.sqrt(17.2 / 15 + 21.4 / 12);
  assert.ok(Math.abs(quantile - 2.072) < 0.01, `${quantile}`);
  assert.ok(Math.abs(studentQuantile(1.96, 10) - 2.228) < 0.01);
  assert.equal(studentQuantile(1.96, Infinity), 1.96);
});

Deno.test("where both are the same, 95 of 100 intervals hold zero", () => {
  const random = seededRandom(7);
  const draw = () => {
    const values = Array.from({ length: 40 }, () => random.next() + random.next() + random.next());
    const sum = (of: (value: number) => number) => values.reduce((total, value) => total + of(value), 0);
    return momentsSample(values.length, sum((value) => value), sum((value) => value ** 2));
  };
  let held = 0;
  for (let trial = 0; trial < 2_000; trial++) {
    const { lower, upper } = compareSamples(draw(), draw(), confidence.cautious)!;
    if (lower <= 0 && upper >= 0) held++;
  }
  assert.ok(held > 1_870 && held < 1_930, `${held} of 2000`);
});

Deno.test("nonsense is no sample, and never an interval that is none", () => {
  const anyNumber = fc.oneof(fc.double(), fc.constantFrom(NaN, Infinity, 0, -1, 1e308));
  const anySample = fc.option(fc.record({ mean: anyNumber, variance: anyNumber, observations: anyNumber }), {
    nil: undefined,
  });
  fc.assert(fc.property(anySample, anySample, (treated, rest) => {
    const measured = compareSamples(treated, rest, confidence.sure);
    if (measured === undefined) return;
    assert.ok(measured.lower <= measured.difference && measured.difference <= measured.upper);
    assert.ok(Object.values(measured).every(Number.isFinite));
  }));
});

Deno.test("what set two groups apart before is not the change's doing", () => {
  const sample = (mean: number) => ({ mean, variance: 4, observations: 400 });
  const alike = compareBeside(
    { treated: sample(120), rest: sample(100) },
    { treated: sample(120), rest: sample(100) },
    1.96,
  )!;
  assert.deepEqual([alike.difference, alike.lower < 0, alike.upper > 0], [0, true, true]);
  const better = compareBeside(
    { treated: sample(110), rest: sample(100) },
    { treated: sample(120), rest: sample(100) },
    1.96,
  )!;
  assert.ok(better.upper < 0 && better.difference === -10);
  assert.equal(
    compareBeside({ treated: sample(1), rest: sample(1) }, { treated: undefined, rest: sample(1) }, 1.96),
    undefined,
  );
});

Deno.test("no failure among a few is not certainty", () => {
  assert.ok(shareSample(0, 40)!.variance > 0.03);
  assert.equal(shareSample(0, 0), undefined);
  const { lower, upper } = compareSamples(shareSample(0, 40), shareSample(3, 40), confidence.cautious)!;
  assert.ok(lower < 0 && upper > 0);
});
