import type { MonitorSource } from "./monitor/monitorSource.ts";
import { openMonitor, type PerformanceMonitor, type PerformanceMonitorOptions } from "./monitor/openMonitor.ts";

export type { Metrics, NamedMetrics, OperationMetrics } from "./monitor/metrics.ts";
export type { MetricChanges, WeeklyMetrics } from "./monitor/metricsReading.ts";
export type { MeasuredWindow, MetricSeries, MetricsReader, MetricWindow } from "./monitor/metricsReader.ts";
export type { Monitor, Stopwatch } from "./monitor/monitor.ts";
export type { MonitorSource } from "./monitor/monitorSource.ts";
export type { PerformanceMonitor, PerformanceMonitorOptions } from "./monitor/openMonitor.ts";
export { postgresMetricsReader } from "./monitor/postgresMetricsReader.ts";
export type { MetricSpan } from "./monitor/windowSpan.ts";

/**
 * Measures what this isolate does and reads what the whole fleet measured: sketches that merge, counters, events and slow
 * calls, written every ten seconds at most. It is an observer of the kernel: `isolateHub.watch(monitor)`.
 *
 * @example
 * ```ts
 * const monitor = createPerformanceMonitor(Deno.env.get("SUPABASE_DB_URL")!);
 * const price = await monitor.time("price.compute", () => computePrice(order));
 * const { series, healingSuccessRate } = await monitor.getMetrics({ window: "1h" });
 * ```
 */
export function createPerformanceMonitor(
  source: MonitorSource,
  options: PerformanceMonitorOptions = {},
): PerformanceMonitor {
  return openMonitor(source, options);
}
