import type postgres from "postgres";
import { DurationSketch } from "../../supabase/functions/_shared/monitor/durationSketch.ts";
import type { TelemetryFrame } from "../../supabase/functions/_shared/monitor/telemetryFrame.ts";

/** A frame of given durations by operation, of the function `orders`. */
export function frameOf(
  sequence: number,
  startsAt: number,
  durations: Readonly<Record<string, readonly number[]>>,
  rest: Partial<TelemetryFrame> = {},
): TelemetryFrame {
  const series = Object.entries(durations).map(([op, calls]) => {
    const sketch = new DurationSketch();
    for (const duration of calls) sketch.add(duration);
    return {
      fn: "orders",
      op,
      n: calls.length,
      failed: calls.filter((duration) => duration > 900).length,
      sum: calls.reduce((one, other) => one + other, 0),
      squares: calls.reduce((sum, duration) => sum + duration ** 2, 0),
      min: Math.min(...calls),
      max: Math.max(...calls),
      ...sketch.bins(),
    };
  });
  return { sequence, startsAt, trials: [], series, counters: {}, events: [], slow: [], ...rest };
}

/** Writes frames as an isolate does, at a moment of the test's own. */
export async function recordFrames(
  sql: postgres.Sql,
  writer: string,
  frames: readonly TelemetryFrame[],
  moment: number,
): Promise<number> {
  const [row] = await sql`
    select resilience.record_telemetry(${"isolate"}, ${writer}::uuid, ${sql.json({ frames } as never)}::jsonb,
      ${new Date(moment)}::timestamptz) as taken`;
  return row!.taken;
}

/** Merges all samples, and computes what is due at `moment`, as the job does. Gives what was computed. */
export async function rollUpAll(sql: postgres.Sql, moment: number): Promise<string[]> {
  const computed: string[] = [];
  for (;;) {
    const [row] = await sql`select resilience.roll_up_samples(2000) as merged`;
    if (row!.merged === 0) break;
  }
  for (;;) {
    const [row] = await sql`select resilience.roll_up_marked(${new Date(moment)}::timestamptz) as done`;
    if (row!.done === null) return computed;
    computed.push(row!.done);
  }
}
