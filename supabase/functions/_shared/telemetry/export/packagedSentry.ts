import { timeLimit } from "../../time/timeLimit.ts";
import type { SentryClient, SentryClientOptions } from "./sentryClient.ts";
import type { SentryPackage, TransportOptions } from "./sentryPackage.ts";

/**
 * A client of Sentry's own package without any of its integrations: nothing is patched, nothing else is collected, and
 * nothing of a request is read.
 */
export function packagedSentry(
  { createTransport, DenoClient }: SentryPackage,
  { dsn, environment, release, serverName }: SentryClientOptions,
): SentryClient {
  const client = new DenoClient({
    dsn,
    serverName,
    ...environment === undefined ? {} : { environment },
    ...release === undefined ? {} : { release },
    integrations: [],
    stackParser: () => [],
    sendClientReports: false,
    transport: (options: TransportOptions) =>
      createTransport(options, async ({ body }) => {
        const { url, headers = {} } = options;
        const response = await fetch(url, { method: "POST", body: body as BodyInit, headers });
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
    // Under its own limit the package leaves a timer behind that runs out later.
    flush: (timeoutMs) => timeLimit(Promise.resolve(client.flush()), timeoutMs).catch(() => undefined),
  };
}
