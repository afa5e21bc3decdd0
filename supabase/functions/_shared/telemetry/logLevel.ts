/** How much a line matters, least first. */
export const logLevels = ["debug", "info", "warn", "error"] as const;

/** The level of a log line. */
export type LogLevel = typeof logLevels[number];
