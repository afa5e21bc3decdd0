import { inverseIncompleteBeta } from "./incompleteBeta.ts";

/** How often something was right and how often wrong. */
export interface OutcomeCounts {
  readonly successes: number;
  readonly failures: number;
}

/** What is believed before the first outcome, as if so many had been seen already. */
export interface BetaPrior {
  readonly successes: number;
  readonly failures: number;
}

/** Nothing is known: every rate is as likely as any other. */
export const uniformPrior: BetaPrior = { successes: 1, failures: 1 };

/** What is believed of a success rate after outcomes. */
export interface BetaPosterior {
  readonly mean: number;
  /** The rate is above this with a probability of 95 %. */
  readonly lowerBound: number;
}

/**
 * The posterior of a success rate.
 *
 * @example
 * ```ts
 * betaPosterior({ successes: 28, failures: 0 }).lowerBound; // 0.9019: 28 in a row are the fewest that pass 0.9
 * ```
 */
export function betaPosterior(counts: OutcomeCounts, prior: BetaPrior = uniformPrior): BetaPosterior {
  const { successes, failures } = counts;
  if (!(successes >= 0) || !(failures >= 0)) {
    throw new RangeError(`Cannot weigh outcomes as counts must be at least 0: got ${successes}, ${failures}`);
  }
  const a = successes + prior.successes;
  const b = failures + prior.failures;
  return { mean: a / (a + b), lowerBound: inverseIncompleteBeta(0.05, a, b) };
}
