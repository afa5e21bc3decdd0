import type { SqlTag } from "../db/database.ts";
import { type BinnedSeries, binnedSeries } from "./binnedSeries.ts";
import type { MeasuredWindow, MetricsReader, MetricWindow } from "./metricsReader.ts";

/** A window whose series can be merged further. */
export interface BinnedWindow extends MeasuredWindow {
  readonly series: readonly BinnedSeries[];
}

/** A reader of such windows. */
export interface BinnedReader extends MetricsReader {
  read(window: MetricWindow, prefix?: string): Promise<BinnedWindow>;
}

interface SeriesRow {
  readonly function_name: string;
  readonly operation: string;
  readonly calls: number;
  readonly failures: number;
  readonly sum_ms: number;
  readonly sum_squares: number;
  readonly min_ms: number;
  readonly max_ms: number;
  readonly bin_keys: readonly number[];
  readonly bin_counts: readonly number[];
}

/** What the fleet has written, its samples, minutes, hours and days merged. */
export function postgresMetricsReader(sql: SqlTag): BinnedReader {
  return {
    async read({ fromMs, toMs, trial }: MetricWindow, prefix = ""): Promise<BinnedWindow> {
      const [from, to] = [new Date(fromMs), new Date(toMs)];
      const [trialId, isTreated] = [trial?.id ?? null, trial?.isTreated ?? true];
      // One statement, so that both are of one moment: what is being merged is seen before or after, never twice.
      const [row] = await sql<{ series: SeriesRow[]; counters: Record<string, number> }>`
        select coalesce((select jsonb_agg(to_jsonb(series)) from resilience.read_metrics(${from}::timestamptz,
            ${to}::timestamptz, ${prefix}::text, ${trialId}::text, ${isTreated}::boolean) series), '[]') as series,
          coalesce((select jsonb_object_agg(counted.counter, counted.total) from resilience.read_counters(
            ${from}::timestamptz, ${to}::timestamptz, ${prefix}::text, ${trialId}::text, ${isTreated}::boolean) counted),
            '{}') as counters`;
      return { series: (row?.series ?? []).map(seriesOf), counters: new Map(Object.entries(row?.counters ?? {})) };
    },
  };
}

function seriesOf(row: SeriesRow): BinnedSeries {
  return binnedSeries({
    functionName: row.function_name,
    operation: row.operation,
    count: row.calls,
    failures: row.failures,
    sumMs: row.sum_ms,
    sumSquares: row.sum_squares,
    minMs: row.min_ms,
    maxMs: row.max_ms,
    bins: { keys: row.bin_keys, counts: row.bin_counts },
  });
}
