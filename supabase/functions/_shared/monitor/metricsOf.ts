import { type BinnedSeries, mergeSeries } from "./binnedSeries.ts";
import type { FleetFacts } from "./fleetFacts.ts";
import type { Metrics, NamedMetrics, OperationMetrics } from "./metrics.ts";
import type { BinnedWindow } from "./postgresMetricsReader.ts";

/** What a window comes to. */
export function metricsOf(
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  { series, counters }: BinnedWindow,
  facts: FleetFacts,
): Metrics {
  const operations = merged(series, ({ operation }) => operation, (operation) => ({ functionName: "", operation }));
  const requests = series.filter(({ operation }) => operation.startsWith("http."));
  const functions = merged(requests, ({ functionName }) => functionName, (functionName) => ({
    functionName,
    operation: "http",
  }));
  return {
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    ...namedMetrics(new Map(operations.map((one) => [one.operation, one])), counters, facts),
    functions: functions.map(operationMetrics),
    operations: operations.map(operationMetrics),
    series: series.map(operationMetrics),
    counters: Object.fromEntries([...counters].sort(([one], [other]) => one < other ? -1 : 1)),
  };
}

function merged(
  series: readonly BinnedSeries[],
  keyOf: (one: BinnedSeries) => string,
  nameOf: (key: string) => { functionName: string; operation: string },
): BinnedSeries[] {
  const byKey = Map.groupBy(series, keyOf);
  return [...byKey.keys()].sort().map((key) => mergeSeries(byKey.get(key)!, nameOf(key)));
}

/** Thousandths of a millisecond: more places are noise. */
const rounded = (value: number) => Math.round(value * 1_000) / 1_000;

function operationMetrics(series: BinnedSeries): OperationMetrics {
  const { functionName, operation, count, failures, sumMs, maxMs } = series;
  const [p50Ms, p95Ms, p99Ms] = [0.5, 0.95, 0.99].map((share) => rounded(series.quantileMs(share))) as [
    number,
    number,
    number,
  ];
  const avgMs = rounded(sumMs / count);
  return { functionName, operation, count, failures, avgMs, p50Ms, p95Ms, p99Ms, maxMs: rounded(maxMs) };
}

function namedMetrics(
  operations: ReadonlyMap<string, BinnedSeries>,
  counters: ReadonlyMap<string, number>,
  { circuitTrips, schemaChanges }: FleetFacts,
): NamedMetrics {
  const average = (operation: string) => {
    const series = operations.get(operation);
    return series === undefined ? null : rounded(series.sumMs / series.count);
  };
  const counted = (name: string) => counters.get(name) ?? 0;
  const sumOf = (pattern: RegExp) =>
    [...counters].reduce((sum, [name, total]) => pattern.test(name) ? sum + total : sum, 0);
  const share = (part: number, whole: number) => whole > 0 ? part / whole : null;
  const heal = operations.get("heal");
  const [deterministic, ai] = [counted("heal.deterministic"), counted("heal.ai")];
  return {
    avgInsertDuration: average("db.insert"),
    avgUpdateDuration: average("db.update"),
    avgSelectDuration: average("db.select"),
    healingSuccessRate: heal === undefined ? null : share(heal.count - heal.failures, heal.count),
    avgHealingDuration: average("heal"),
    deterministicFixRate: share(deterministic, deterministic + ai),
    aiFixRate: share(ai, deterministic + ai),
    circuitBreakerTrips: circuitTrips,
    fallbackUsageRate: share(counted("fallback.used"), counted("policy.calls") || sumOf(/^circuit\..+\.calls$/)),
    schemaChangesDetected: schemaChanges,
    cacheInvalidations: sumOf(/^cache\..+\.invalidated$/),
  };
}
