import { type BinnedSeries, binnedSeries } from "../../supabase/functions/_shared/monitor/binnedSeries.ts";
import { DurationSketch } from "../../supabase/functions/_shared/monitor/durationSketch.ts";

/** A series of given durations. */
export function binnedSeriesOf(
  functionName: string,
  operation: string,
  durations: readonly number[],
  failures = 0,
): BinnedSeries {
  const sketch = new DurationSketch();
  for (const duration of durations) sketch.add(duration);
  return binnedSeries({
    functionName,
    operation,
    count: durations.length,
    failures,
    sumMs: durations.reduce((one, other) => one + other),
    sumSquares: durations.reduce((sum, duration) => sum + duration ** 2, 0),
    minMs: Math.min(...durations),
    maxMs: Math.max(...durations),
    bins: sketch.bins(),
  });
}
