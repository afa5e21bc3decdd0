import type { AlertNotice, AlertSeverity } from "./alert.ts";

/** Where alerts are told. */
export interface AlertSink {
  /** A slug; its deliveries and its circuit are known by it. */
  readonly name: string;
  /** Resolves once the receiver has it; rejects with an {@linkcode AlertSinkError} otherwise. */
  deliver(notice: AlertNotice, options: { readonly signal: AbortSignal }): Promise<void>;
}

/** A sink as the environment describes it. */
export interface ConfiguredSink {
  readonly sink: AlertSink;
  /** It hears of nothing less. */
  readonly least: AlertSeverity;
  /** What stands for its address: another one means another receiver. */
  readonly target: string;
  /** Why it cannot be used as it is configured; quotes no secret. */
  readonly problem?: string;
}

/**
 * A delivery that did not succeed. It says so by a code alone: addresses of receivers are secrets, and the runtime's own errors
 * quote them.
 */
export class AlertSinkError extends Error {
  /** What a circuit reads: 5xx is the receiver's own failure. */
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    readonly code: string,
    { status, retryAfterMs }: { readonly status?: number; readonly retryAfterMs?: number | undefined } = {},
  ) {
    super(`Cannot deliver the alert: ${code}`);
    this.name = "AlertSinkError";
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }

  /** The receiver wants nothing more, ever. */
  get isGone(): boolean {
    return this.status === 410;
  }
}
