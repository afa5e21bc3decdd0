import type { MetricsReader } from "../../monitor/metricsReader.ts";
import type { Expectation, Measure } from "./optimizerRule.ts";

/** What a share is made of: counters, by their names. */
export interface CountedShare {
  readonly name: string;
  readonly better: Measure["better"];
  /** The counters that count for it. */
  readonly part: readonly string[];
  /** The counters that count against it. */
  readonly rest: readonly string[];
}

/** A share of things that were counted, as a measure: each thing is an observation of 0 or 1. */
export function shareMeasure(metrics: MetricsReader, { name, better, part, rest }: CountedShare): Measure {
  return {
    name,
    better,
    async sample(window) {
      const { counters } = await metrics.read(window, "heal.");
      const sum = (names: readonly string[]) => names.reduce((total, each) => total + (counters.get(each) ?? 0), 0);
      const [ours, others] = [sum(part), sum(rest)];
      const observations = ours + others;
      if (observations <= 0) return undefined;
      const mean = ours / observations;
      return { mean, variance: mean * (1 - mean), observations };
    },
  };
}

/** A share that is expected after a change, with the interval in which 90 % of windows of that size lie. */
export function expectShare(before: number, after: number, observations: number): Expectation {
  const spread = 1.645 * Math.sqrt(Math.max(after * (1 - after), 0.01) / Math.max(1, observations));
  return { before, after, lower: Math.max(0, after - spread), upper: Math.min(1, after + spread) };
}
