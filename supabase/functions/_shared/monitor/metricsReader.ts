/** A stretch of time, and optionally only what some of the isolates measured in it. */
export interface MetricWindow {
  readonly fromMs: number;
  readonly toMs: number;
  /** Only the isolates on which a trial's change was in force, or only those on which it was not. @default all */
  readonly trial?: { readonly id: string; readonly isTreated: boolean };
}

/** What was measured of one operation in one function, over all isolates. */
export interface MetricSeries {
  /** Empty where the operation was not part of a request. */
  readonly functionName: string;
  readonly operation: string;
  readonly count: number;
  readonly failures: number;
  readonly sumMs: number;
  /** The sum of the squares: with the others it gives the variance. */
  readonly sumSquares: number;
  readonly minMs: number;
  readonly maxMs: number;
  /** The duration below which a share of the calls stayed, from 0 to 1, within 1 %. */
  quantileMs(share: number): number;
}

/** What was measured within a window. */
export interface MeasuredWindow {
  readonly series: readonly MetricSeries[];
  /** By name, over all functions. */
  readonly counters: ReadonlyMap<string, number>;
}

/** Where measurements of the whole fleet are read. */
export interface MetricsReader {
  /** All that begins with `prefix`, operations and counters. @param prefix everything unless given */
  read(window: MetricWindow, prefix?: string): Promise<MeasuredWindow>;
}
