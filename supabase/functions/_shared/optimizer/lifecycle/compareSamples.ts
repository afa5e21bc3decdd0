import type { Sample } from "../rules/optimizerRule.ts";
import type { Measured } from "./change.ts";

/** How sure an interval is, by the quantile of the normal distribution that stands for it. */
export const confidence = {
  /** 95 %: enough to take something back. */
  cautious: 1.96,
  /** 97.5 %: enough to keep something, as it is looked at twice. */
  sure: 2.2414,
  /** 99.9 %: enough to stop before the window is over, as it is looked at many times. */
  alarmed: 3.2905,
} as const;

/** The difference of two means with its interval (Welch); undefined where one of them is none. */
export function compareSamples(
  treated: Sample | undefined,
  rest: Sample | undefined,
  quantile: number,
): Measured | undefined {
  if (!isUsable(treated) || !isUsable(rest)) return undefined;
  const parts = [treated, rest].map(({ variance, observations }) => variance / observations);
  const [ofTreated = 0, ofRest = 0] = parts;
  const spread = ofTreated + ofRest;
  const freedom = spread === 0
    ? Infinity
    : spread ** 2 / (ofTreated ** 2 / (treated.observations - 1) + ofRest ** 2 / (rest.observations - 1));
  const reach = studentQuantile(quantile, freedom) * Math.sqrt(spread);
  const difference = treated.mean - rest.mean;
  return allFinite({
    treated: treated.mean,
    rest: rest.mean,
    difference,
    lower: difference - reach,
    upper: difference + reach,
    treatedObservations: treated.observations,
    restObservations: rest.observations,
  });
}

function allFinite(measured: Measured): Measured | undefined {
  return Object.values(measured).every(Number.isFinite) ? measured : undefined;
}

/**
 * The same, less what set the two apart before: what is left is the change's doing, however unlike the isolates are on which
 * it is tried.
 */
export function compareBeside(
  now: { readonly treated: Sample | undefined; readonly rest: Sample | undefined },
  before: { readonly treated: Sample | undefined; readonly rest: Sample | undefined },
  quantile: number,
): Measured | undefined {
  const [present, past] = [now, before].map(({ treated, rest }) => compareSamples(treated, rest, quantile));
  if (present === undefined || past === undefined) return undefined;
  const difference = present.difference - past.difference;
  const reach = Math.hypot(present.upper - present.difference, past.upper - past.difference);
  return allFinite({ ...present, difference, lower: difference - reach, upper: difference + reach });
}

/** Nonsense from a poisoned isolate is nothing to go by. */
function isUsable(sample: Sample | undefined): sample is Sample {
  return sample !== undefined && Number.isFinite(sample.mean) && Number.isFinite(sample.variance) &&
    sample.variance >= 0 && sample.observations >= 2 && Number.isFinite(sample.observations);
}

/** Student's quantile from the normal one (Cornish and Fisher), within 1 % from 5 degrees of freedom up. */
export function studentQuantile(normal: number, freedom: number): number {
  if (!Number.isFinite(freedom)) return normal;
  const z = normal;
  return z + (z ** 3 + z) / (4 * freedom) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2);
}

/** The sample of so many successes among so many: two of each more keep a variance of zero from meaning certainty. */
export function shareSample(successes: number, observations: number): Sample | undefined {
  if (!(observations > 0)) return undefined;
  const smoothed = (successes + 2) / (observations + 4);
  return { mean: successes / observations, variance: smoothed * (1 - smoothed), observations };
}

/** The sample of single values that their count, sum and sum of squares stand for. */
export function momentsSample(count: number, sum: number, sumSquares: number): Sample | undefined {
  if (!(count >= 2)) return undefined;
  const mean = sum / count;
  return { mean, variance: Math.max(0, (sumSquares - sum * mean) / (count - 1)), observations: count };
}
