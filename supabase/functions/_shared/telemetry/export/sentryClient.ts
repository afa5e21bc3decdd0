/** What a client is made of. */
export interface SentryClientOptions {
  readonly dsn: string;
  readonly environment?: string;
  readonly release?: string;
  /** Who reports. */
  readonly serverName: string;
}

/** An event as Sentry takes it: what of it we use. */
export interface SentryEvent {
  readonly level: "error" | "warning";
  readonly message?: string;
  readonly exception?: { values: { type: string; value: string; stacktrace?: { frames: SentryFrame[] } }[] };
  readonly tags: Record<string, string>;
  readonly extra: Record<string, unknown>;
  readonly fingerprint: string[];
}

/** A frame of a stack, the outermost first. */
export interface SentryFrame {
  readonly function?: string;
  readonly filename: string;
  readonly lineno: number;
  readonly colno: number;
}

/** What a client does. */
export interface SentryClient {
  capture(event: SentryEvent): void;
  /** Waits until what was captured is sent, or for so long. */
  flush(timeoutMs: number): Promise<unknown>;
}
