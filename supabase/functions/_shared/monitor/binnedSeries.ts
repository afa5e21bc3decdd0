import { type DurationBins, type DurationSketch, sketchOf } from "./durationSketch.ts";
import type { MetricSeries } from "./metricsReader.ts";

/** A series with the bins of its sketch, so that it can be merged with others. */
export interface BinnedSeries extends MetricSeries {
  readonly bins: DurationBins;
}

/** Makes a series of its numbers; the sketch is made when a quantile is asked for. */
export function binnedSeries(numbers: Omit<BinnedSeries, "quantileMs">): BinnedSeries {
  const { bins, minMs, maxMs } = numbers;
  let sketch: DurationSketch | undefined;
  return {
    ...numbers,
    quantileMs(share) {
      sketch ??= sketchOf(bins);
      // A bin's middle may lie beyond the ends, which are known exactly.
      return Math.min(maxMs, Math.max(minMs, sketch.quantileMs(share)));
    },
  };
}

/** One series that holds all calls of the given ones. */
export function mergeSeries(
  parts: readonly BinnedSeries[],
  name: { readonly functionName: string; readonly operation: string },
): BinnedSeries {
  const sum = (of: (part: BinnedSeries) => number) => parts.reduce((total, part) => total + of(part), 0);
  return binnedSeries({
    ...name,
    count: sum(({ count }) => count),
    failures: sum(({ failures }) => failures),
    sumMs: sum(({ sumMs }) => sumMs),
    sumSquares: sum(({ sumSquares }) => sumSquares),
    minMs: Math.min(...parts.map(({ minMs }) => minMs)),
    maxMs: Math.max(...parts.map(({ maxMs }) => maxMs)),
    // A key that comes twice counts twice.
    bins: { keys: parts.flatMap(({ bins }) => bins.keys), counts: parts.flatMap(({ bins }) => bins.counts) },
  });
}
