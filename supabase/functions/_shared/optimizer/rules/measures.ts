import type { MeasuredWindow, MetricsReader, MetricWindow } from "../../monitor/metricsReader.ts";
import { momentsSample, shareSample } from "../lifecycle/compareSamples.ts";
import type { Measure, Sample } from "./optimizerRule.ts";

/** All series of one operation, over all functions, as one. */
export interface OperationTotal {
  readonly count: number;
  readonly failures: number;
  readonly sumMs: number;
  readonly sumSquares: number;
  readonly maxMs: number;
}

/** Adds up what all functions measured of an operation. */
export function totalOf({ series }: MeasuredWindow, operation: string): OperationTotal {
  const total = { count: 0, failures: 0, sumMs: 0, sumSquares: 0, maxMs: 0 };
  for (const one of series) {
    if (one.operation !== operation) continue;
    total.count += one.count;
    total.failures += one.failures;
    total.sumMs += one.sumMs;
    total.sumSquares += one.sumSquares;
    total.maxMs = Math.max(total.maxMs, one.maxMs);
  }
  return total;
}

/** A counter; zero where nothing was counted. */
export function countOf({ counters }: MeasuredWindow, name: string): number {
  return counters.get(name) ?? 0;
}

/** How often something happened for each time that it could have: both are counters. */
export function shareMeasure(
  metrics: MetricsReader,
  name: string,
  { of, among, prefix }: { readonly of: string; readonly among: readonly string[]; readonly prefix: string },
): Measure {
  return measure(name, async (window) => {
    const seen = await metrics.read(window, prefix);
    return shareSample(countOf(seen, of), among.reduce((sum, counter) => sum + countOf(seen, counter), 0));
  });
}

/** How long an operation takes on average. */
export function durationMeasure(metrics: MetricsReader, operation: string): Measure {
  return measure(`milliseconds of ${operation}`, async (window) => {
    const { count, sumMs, sumSquares } = totalOf(await metrics.read(window, operation), operation);
    return momentsSample(count, sumMs, sumSquares);
  });
}

/** Something of which less is better. */
export function measure(name: string, sample: (window: MetricWindow) => Promise<Sample | undefined>): Measure {
  return { name, better: "lower", sample };
}
