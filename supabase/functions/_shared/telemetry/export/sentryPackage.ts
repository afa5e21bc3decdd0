/** What of `@sentry/deno` is used, in its terms. Its own types would draw the package into every deploy's cache. */
export interface SentryPackage {
  createTransport(options: TransportOptions, send: (request: { body: unknown }) => Promise<TransportAnswer>): unknown;
  // deno-lint-ignore no-explicit-any -- its options have a hundred members, of which we set a few.
  readonly DenoClient: new (options: any) => PackagedClient;
}

/** Where envelopes go. */
export interface TransportOptions {
  readonly url: string;
  readonly headers?: Record<string, string>;
  readonly recordDroppedEvent: (...told: never[]) => void;
}

/** How an envelope was taken. */
export interface TransportAnswer {
  statusCode: number;
  headers: { [name: string]: string | null; "x-sentry-rate-limits": string | null; "retry-after": string | null };
}

/** A client of the package. */
export interface PackagedClient {
  init(): void;
  // deno-lint-ignore no-explicit-any -- an event of the package's own kind.
  captureEvent(event: any): unknown;
  flush(): PromiseLike<unknown>;
}
