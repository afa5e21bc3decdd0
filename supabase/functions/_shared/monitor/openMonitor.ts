import { denoPlatform } from "../platform/denoPlatform.ts";
import { currentIsolate } from "../platform/isolate.ts";
import type { Platform } from "../platform/platform.ts";
import { type Random, systemRandom } from "../random/random.ts";
import { type Clock, systemClock } from "../time/clock.ts";
import { IsolateMonitor } from "./isolateMonitor.ts";
import { type MetricsReading, postgresMetricsReading } from "./metricsReading.ts";
import type { Monitor } from "./monitor.ts";
import { type MonitorSource, openMonitorSource } from "./monitorSource.ts";
import { postgresTelemetryStore } from "./postgresTelemetryStore.ts";

/** Options of `createPerformanceMonitor`. */
export interface PerformanceMonitorOptions {
  /** Calls that take longer are kept one by one, with what they did but no value of it. @default 500 */
  slowMs?: number;
  /** The optimizer's trials whose change is in force here. @default none */
  trials?: () => readonly string[];
  /** Hears of a write that failed; what was to be written is kept and tried again. @default nobody */
  onError?: (error: unknown) => void;
  /** Who measures. @default this isolate's id */
  isolate?: string;
  /** @default systemClock */
  clock?: Clock;
  /** @default systemRandom */
  random?: Random;
  /** @default denoPlatform */
  platform?: Pick<Platform, "waitUntil" | "onRetire">;
}

/** Measures this isolate, and reads what the whole fleet measured. */
export interface PerformanceMonitor extends Monitor, MetricsReading {
  /** Writes what is left and lets go of the database. */
  close(): Promise<void>;
}

/** Opens a monitor over a source. */
export function openMonitor(source: MonitorSource, options: PerformanceMonitorOptions = {}): PerformanceMonitor {
  const { clock = systemClock, random = systemRandom, platform = denoPlatform, isolate, ...rest } = options;
  const { open, close } = openMonitorSource(source);
  const monitor = new IsolateMonitor({
    ...rest,
    store: postgresTelemetryStore(open),
    isolate: () => isolate ?? currentIsolate().id,
    clock,
    random,
    waitUntil: (work) => platform.waitUntil(work),
  });
  platform.onRetire(() => platform.waitUntil(monitor.flush()));
  const reading = postgresMetricsReading((...statement) => open().sql(...statement), clock);
  return {
    time: (operation, work) => monitor.time(operation, work),
    count: (counter, by) => monitor.count(counter, by),
    called: (operation, durationMs, hasFailed, shape) => monitor.called(operation, durationMs, hasFailed, shape),
    counted: (counter, by) => monitor.count(counter, by),
    happened: (event) => monitor.happened(event),
    record: (operation, durationMs, hasFailed) => monitor.record(operation, durationMs, hasFailed),
    arrived: () => monitor.arrived(),
    answered: (...answer) => monitor.answered(...answer),
    flush: () => monitor.flush(),
    ...reading,
    async close() {
      await monitor.flush();
      await close();
    },
  };
}
