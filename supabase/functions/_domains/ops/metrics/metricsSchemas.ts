import * as z from "zod";

const operation = z.object({
  functionName: z.string(),
  operation: z.string(),
  count: z.number(),
  failures: z.number(),
  avgMs: z.number(),
  p50Ms: z.number(),
  p95Ms: z.number(),
  p99Ms: z.number(),
  maxMs: z.number(),
});

const named = z.object({
  avgInsertDuration: z.number().nullable(),
  avgUpdateDuration: z.number().nullable(),
  avgSelectDuration: z.number().nullable(),
  healingSuccessRate: z.number().nullable(),
  avgHealingDuration: z.number().nullable(),
  deterministicFixRate: z.number().nullable(),
  aiFixRate: z.number().nullable(),
  circuitBreakerTrips: z.number(),
  fallbackUsageRate: z.number().nullable(),
  schemaChangesDetected: z.number(),
  cacheInvalidations: z.number(),
});

const nothing = z.number().nullable();

/** The named numbers of a window; null where there was nothing to measure. */
export const namedMetrics = named;

/** By how much each of them grew since the week before, as a share. */
export const metricChanges = z.object(
  Object.fromEntries(Object.keys(named.shape).map((name) => [name, nothing])) as {
    [Name in keyof typeof named.shape]: typeof nothing;
  },
);

/** A window's metrics. */
export const fullMetrics = named.extend({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** The requests of each function, whatever their method. */
  functions: z.array(operation).readonly(),
  /** Each operation over all functions. */
  operations: z.array(operation).readonly(),
  /** Each operation of each function. */
  series: z.array(operation).readonly(),
  counters: z.record(z.string(), z.number()),
});

/** A single call that took long. */
export const slowOperation = z.object({
  at: z.string(),
  isolate: z.string(),
  functionName: z.string(),
  requestId: z.string().nullable(),
  operation: z.string(),
  durationMs: z.number(),
  hasFailed: z.boolean(),
  /** What it did: kind, table, names of keys; never a value. */
  shape: z.string().nullable(),
});
