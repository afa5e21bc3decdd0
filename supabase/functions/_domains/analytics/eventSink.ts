/** An event as a warehouse is told of it. */
export interface SinkEvent {
  readonly event_id: string;
  readonly occurred_at: string;
  readonly [column: string]: unknown;
}

/** An event that a sink has not taken. */
export interface RefusedEvent {
  readonly event: SinkEvent;
  /** Why, in a few words; never the event's values. */
  readonly reason: string;
}

/** Where raw events are sent on to. */
export interface EventSink {
  /** Which receiver: another one is another place to have sent everything to. Holds no secret. */
  readonly target: string;
  /**
   * Sends events and gives those that were refused one by one. Rejects with a {@linkcode SinkError} where it is not known that
   * any was taken. An event that is sent again is the same event: its id tells.
   */
  send(events: readonly SinkEvent[], options: { readonly signal: AbortSignal }): Promise<readonly RefusedEvent[]>;
}

/** A call of a sink that did not succeed. Tells a code, and never what the receiver wrote: it may quote what it was sent. */
export class SinkError extends Error {
  /** What a circuit reads: 5xx is the receiver's own failure. */
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    readonly code: string,
    { status, retryAfterMs }: { readonly status?: number; readonly retryAfterMs?: number | undefined } = {},
  ) {
    super(`Cannot send events: ${code}`);
    this.name = "SinkError";
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }

  /** It is about what was sent: fewer events, or others, may be taken. */
  get isAboutEvents(): boolean {
    return this.status === 400 || this.status === 413;
  }

  /** The same call may succeed in a moment. */
  get isPassing(): boolean {
    return this.status === undefined || this.status >= 500 || this.status === 429 || this.status === 408;
  }
}
