import { type ErrorCode, type ErrorDetails, errorRegistry } from "./errorRegistry.ts";

/** Options of an {@link AppError}; `details` is required for the kinds that have them. */
export type AppErrorOptions<Code extends ErrorCode> =
  & { cause?: unknown; headers?: Record<string, string> }
  & (ErrorDetails<Code> extends undefined ? { details?: undefined } : { details: ErrorDetails<Code> });

/**
 * A failure the caller is told about. `message` is shown to the caller: it says the action that failed and why, and
 * never carries a driver's words. What the operator needs goes into `cause`.
 *
 * @example
 * ```ts
 * throw new AppError("not_found", "Cannot read the flag as there is no flag named 'dark-mode'");
 * ```
 */
export class AppError<Code extends ErrorCode = ErrorCode> extends Error {
  readonly code: Code;
  readonly status: number;
  readonly details: ErrorDetails<Code> | undefined;
  /** Headers the answer carries besides its own, such as `retry-after`. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: Code,
    message: string,
    ...[options]: ErrorDetails<Code> extends undefined ? [AppErrorOptions<Code>?] : [AppErrorOptions<Code>]
  ) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.status = errorRegistry[code].status;
    this.details = options?.details;
    this.headers = options?.headers ?? {};
  }
}
