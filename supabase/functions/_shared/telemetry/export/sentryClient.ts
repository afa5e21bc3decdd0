// Named imports: a bundler leaves out the rest, which is four fifths of the package.
import { createTransport, DenoClient } from "@sentry/deno";

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

/**
 * A client of Sentry without any of its integrations: nothing is patched, nothing else is collected, and nothing of a
 * request is read.
 */
export function openSentryClient({ dsn, environment, release, serverName }: SentryClientOptions): SentryClient {
  const client = new DenoClient({
    dsn,
    serverName,
    ...environment === undefined ? {} : { environment },
    ...release === undefined ? {} : { release },
    integrations: [],
    stackParser: () => [],
    sendClientReports: false,
    transport: (options) =>
      createTransport(options, async ({ body }) => {
        const response = await fetch(options.url, {
          method: "POST",
          body: body as BodyInit,
          headers: options.headers ?? {},
        });
        await response.body?.cancel();
        return {
          statusCode: response.status,
          headers: {
            "x-sentry-rate-limits": response.headers.get("x-sentry-rate-limits"),
            "retry-after": response.headers.get("retry-after"),
          },
        };
      }),
  });
  client.init();
  return {
    capture: (event) => void client.captureEvent({ platform: "javascript", ...event }),
    flush: async (timeoutMs) => await client.flush(timeoutMs),
  };
}
