/** What a log line may carry besides its message. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Structured logging: one JSON line an event, with the request's id in each. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds `fields` to every line. */
  with(fields: LogFields): Logger;
}
