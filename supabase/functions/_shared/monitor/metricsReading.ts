import type { SqlTag } from "../db/database.ts";
import type { Clock } from "../time/clock.ts";
import { postgresFleetFacts } from "./fleetFacts.ts";
import type { Metrics, NamedMetrics } from "./metrics.ts";
import { metricsOf } from "./metricsOf.ts";
import { postgresMetricsReader } from "./postgresMetricsReader.ts";
import { type MetricSpan, spanOf, windowSpans } from "./windowSpan.ts";

/** By how much a number grew, as a share of what it was; null where one of the two is missing or it was nothing. */
export type MetricChanges = { readonly [Name in keyof NamedMetrics]: number | null };

/** A week beside the one before it. */
export interface WeeklyMetrics {
  readonly thisWeek: Metrics;
  readonly lastWeek: Metrics;
  readonly changes: MetricChanges;
}

/** Reads what the whole fleet measured. */
export interface MetricsReading {
  getMetrics(options?: { /** @default "1h" */ readonly window?: MetricSpan }): Promise<Metrics>;
  /** The last seven days, the seven before, and what changed. */
  getWeeklyMetrics(): Promise<WeeklyMetrics>;
}

/** Reads what the fleet has written to its database. */
export function postgresMetricsReading(sql: SqlTag, clock: Clock): MetricsReading {
  const reader = postgresMetricsReader(sql);
  const facts = postgresFleetFacts(sql);
  const read = async (window: { fromMs: number; toMs: number }) => {
    const [measured, counted] = await Promise.all([reader.read(window), facts(window)]);
    return metricsOf(window, measured, counted);
  };
  return {
    getMetrics: async ({ window = "1h" } = {}) => await read(spanOf(window, clock.now())),
    async getWeeklyMetrics() {
      const now = clock.now();
      const [thisWeek, lastWeek] = await Promise.all([
        read(spanOf("7d", now)),
        read(spanOf("7d", now - windowSpans["7d"])),
      ]);
      return { thisWeek, lastWeek, changes: changesOf(lastWeek, thisWeek) };
    },
  };
}

const names = [
  ...["avgInsertDuration", "avgUpdateDuration", "avgSelectDuration", "healingSuccessRate", "avgHealingDuration"],
  ...["deterministicFixRate", "aiFixRate", "circuitBreakerTrips", "fallbackUsageRate", "schemaChangesDetected"],
  "cacheInvalidations",
] as (keyof NamedMetrics)[];

function changesOf(before: NamedMetrics, after: NamedMetrics): MetricChanges {
  const change = (was: number | null, is: number | null) =>
    was === null || is === null || was === 0 ? null : is / was - 1;
  return Object.fromEntries(names.map((name) => [name, change(before[name], after[name])])) as MetricChanges;
}
