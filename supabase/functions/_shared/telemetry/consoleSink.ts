// deno-lint-ignore-file no-console -- the one place where log lines leave: both runtimes record the console.
import type { LogLevel } from "./logLevel.ts";

/** Takes finished lines. */
export type LogSink = (line: string, level: LogLevel) => void;

/** Writes to the console, where the platform's log picks lines up with their level. */
export const consoleSink: LogSink = (line, level) => console[level](line);
