import { DenseStore } from "@datadog/sketches-js/store";

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

/** Bin `key` holds durations up to `gamma ** key`. */
const gamma = (1 + relativeAccuracy) / (1 - relativeAccuracy);
const keysADoubling = Math.LN2 / Math.log(gamma);

/**
 * A DDSketch of durations over the package's own store of bins. Only its store is loaded: the whole of the package is 38 KB
 * more, most of it a wire format that asks for a package it does not depend on. A test holds the two beside each other.
 */
export class DurationSketch {
  readonly #store = new DenseStore();

  /** Adds a duration from 0 to {@link longestMs}. */
  add(durationMs: number): void {
    this.#store.add(Math.ceil(Math.log2(durationMs < shortestMs ? shortestMs : durationMs) * keysADoubling));
  }

  /** Adds what another sketch held. */
  addBins({ keys, counts }: DurationBins): void {
    for (const [place, key] of keys.entries()) this.#store.add(key, counts[place]!);
  }

  /** The duration below which a share of all stayed, from 0 to 1; NaN where there is none. */
  quantileMs(share: number): number {
    const { count } = this.#store;
    if (count === 0) return NaN;
    // The middle of a bin, in the sense that either end is as many percent away.
    return 2 ** (this.#store.keyAtRank(share * (count - 1)) / keysADoubling) * 2 / (1 + gamma);
  }

  /** The bins, as they are written. */
  bins(): DurationBins {
    const { minKey, maxKey, offset, bins } = this.#store;
    const keys: number[] = [];
    const counts: number[] = [];
    for (let key = minKey; key <= maxKey; key++) {
      const count = bins[key - offset]!;
      if (count === 0) continue;
      keys.push(key);
      counts.push(count);
    }
    return { keys, counts };
  }
}

/** A sketch out of bins, those of many isolates or hours added up. */
export function sketchOf(bins: DurationBins): DurationSketch {
  const sketch = new DurationSketch();
  sketch.addBins(bins);
  return sketch;
}
