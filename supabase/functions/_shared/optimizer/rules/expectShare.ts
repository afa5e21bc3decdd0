import type { Expectation } from "./optimizerRule.ts";

/** A share that is expected after a change, with the interval in which 90 % of windows of that size lie. */
export function expectShare(before: number, after: number, observations: number): Expectation {
  const spread = 1.645 * Math.sqrt(Math.max(after * (1 - after), 0.01) / Math.max(1, observations));
  return { before, after, lower: Math.max(0, after - spread), upper: Math.min(1, after + spread) };
}
