import { type Clock, systemClock } from "../time/clock.ts";
import { consoleSink, type LogSink } from "./consoleSink.ts";
import { LogBudget } from "./logBudget.ts";
import type { LogFields, Logger } from "./logger.ts";
import { logLine } from "./logLine.ts";
import { type LogLevel, logLevels } from "./logLevel.ts";

/** How a logger writes. */
export interface JsonLoggerOptions {
  /** @default consoleSink */
  sink?: LogSink;
  /** @default systemClock */
  clock?: Clock;
  /** Lines below this level are not written. @default "info" */
  level?: LogLevel;
  /** Carried by every line. @default {} */
  fields?: LogFields;
}

/**
 * Writes each event as one line of JSON, without secrets, within the platform's limits of length and rate. Logging never
 * throws: a sink that fails loses the line.
 *
 * @example
 * ```ts
 * const log = jsonLogger().with({ requestId });
 * log.warn("Cannot refresh the flags", { error });
 * ```
 */
export function jsonLogger(options: JsonLoggerOptions = {}): Logger {
  const { sink = consoleSink, clock = systemClock, level = "info", fields = {} } = options;
  const budget = new LogBudget(clock);

  function put(at: LogLevel, message: string, lineFields: () => LogFields): void {
    try {
      sink(logLine(at, clock.now(), message, lineFields()), at);
    } catch {
      // An observer never breaks what it observes; getters and sinks may throw.
    }
  }
  function write(at: LogLevel, message: string, lineFields: () => LogFields): void {
    if (logLevels.indexOf(at) < logLevels.indexOf(level)) return;
    const { isAdmitted, dropped } = budget.admit(at);
    if (dropped > 0) put("warn", "Lines were dropped as there were too many", () => ({ dropped }));
    if (isAdmitted) put(at, message, lineFields);
  }
  function bind(bound: LogFields): Logger {
    const at = (lineLevel: LogLevel) => (message: string, more: LogFields = {}) =>
      write(lineLevel, message, () => ({ ...bound, ...more }));
    return {
      debug: at("debug"),
      info: at("info"),
      warn: at("warn"),
      error: at("error"),
      with: (more) => bind({ ...bound, ...more }),
    };
  }
  return bind(fields);
}
