import { DDSketch } from "@datadog/sketches-js";

/** Bins of a sketch that are not empty: by ascending key, how many durations each holds. */
export interface DurationBins {
  readonly keys: readonly number[];
  readonly counts: readonly number[];
}

/**
 * Quantiles are within this share of the exact ones, merged or not. A fifth below what is promised: the rank of a quantile
 * falls between two calls, and people who sort their own list interpolate.
 */
const relativeAccuracy = 0.008;

/** What is quicker shares a bin: a clock does not tell it apart. With the longest, it bounds the bins to 1,730. */
const shortestMs = 0.001;

/** What takes longer, eleven days, is no duration of a call. */
export const longestMs = 1e9;

/** An empty sketch. */
export function createSketch(): DDSketch {
  return new DDSketch({ relativeAccuracy });
}

/** Adds a duration from 0 to {@link longestMs}. */
export function addDuration(sketch: DDSketch, durationMs: number): void {
  sketch.accept(durationMs < shortestMs ? shortestMs : durationMs);
}

/** The bins of a sketch, as they are written. */
export function binsOf({ store }: DDSketch): DurationBins {
  const keys: number[] = [];
  const counts: number[] = [];
  for (let key = store.minKey; key <= store.maxKey; key++) {
    const count = store.bins[key - store.offset]!;
    if (count === 0) continue;
    keys.push(key);
    counts.push(count);
  }
  return { keys, counts };
}

/** A sketch out of bins, those of many isolates or hours added up. */
export function sketchOf({ keys, counts }: DurationBins): DDSketch {
  const sketch = createSketch();
  for (const [place, key] of keys.entries()) sketch.store.add(key, counts[place]!);
  sketch.count = sketch.store.count;
  return sketch;
}
