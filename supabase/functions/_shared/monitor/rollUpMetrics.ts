import type { SqlTag } from "../db/database.ts";

/** How long measurements are kept, in days. */
export interface MetricRetention {
  readonly minuteDays: number;
  readonly hourDays: number;
  readonly dayDays: number;
  readonly slowDays: number;
}

/** Rows of a piece: some 200 ms of the database's time, far within a lease. */
const pieceRows = 2_000;

/** Merges a piece of what isolates wrote to minutes. Gives how many samples, 0 where none is left. */
export async function rollUpSamples(sql: SqlTag): Promise<number> {
  const [row] = await sql<{ merged: number }>`select resilience.roll_up_samples(${pieceRows}::integer) as merged`;
  return row?.merged ?? 0;
}

/** Computes the oldest hour or day that is due. Gives which it was, undefined where none is left. */
export async function rollUpMarked(sql: SqlTag): Promise<"hour" | "day" | undefined> {
  const [row] = await sql<{ done: "hour" | "day" | null }>`select resilience.roll_up_marked() as done`;
  return row?.done ?? undefined;
}

/** Forgets a piece of what is older than it is worth. Gives how many rows, 0 where none is left. */
export async function purgeMetrics(sql: SqlTag, retention: MetricRetention): Promise<number> {
  const { minuteDays, hourDays, dayDays, slowDays } = retention;
  const [row] = await sql<{ doomed: number }>`
    select resilience.purge_metrics(${pieceRows}::integer, ${minuteDays}::double precision, ${hourDays}::double precision,
      ${dayDays}::double precision, ${slowDays}::double precision) as doomed`;
  return row?.doomed ?? 0;
}

/** What waits to be merged and computed. */
export async function countPending(sql: SqlTag): Promise<{ samples: number; marks: number }> {
  const [row] = await sql<{ samples: number; marks: number }>`
    select (select count(*)::integer from resilience.metric_samples)
        + (select count(*)::integer from resilience.counter_samples) as samples,
      (select count(*)::integer from resilience.metric_marks) as marks`;
  return row ?? { samples: 0, marks: 0 };
}
