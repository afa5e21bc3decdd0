import { parseRetryAfter } from "../../policies/retryAfterOf.ts";
import { type Clock, systemClock } from "../../time/clock.ts";
import { AlertSinkError } from "../alertSink.ts";

/** A request that tells somebody of an alert. */
export interface NoticePost {
  readonly url: URL;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** @default systemClock */
  readonly clock?: Clock;
}

/**
 * Posts JSON, and takes nothing but a status in the 200s for a success. Redirects are not followed: whoever can answer for the
 * address could otherwise send alerts, and keys, anywhere. The answer's body is not read.
 */
export async function postNotice({ url, body, headers, signal, clock = systemClock }: NoticePost): Promise<void> {
  const response = await send(url, { body, headers, signal });
  await response.body?.cancel().catch(() => {});
  const { status } = response;
  if (status >= 200 && status < 300) return;
  if (status === 0 || (status >= 300 && status < 400)) throw new AlertSinkError("redirected", { status: 502 });
  const retryAfterMs = parseRetryAfter(response.headers.get("retry-after"), clock.now());
  throw new AlertSinkError(`http_${status}`, { status, retryAfterMs });
}

async function send(
  url: URL,
  { body, headers, signal }: { body: string; headers: NoticePost["headers"]; signal: AbortSignal },
): Promise<Response> {
  try {
    return await fetch(url, {
      method: "POST",
      body,
      redirect: "manual",
      headers: { "content-type": "application/json", "user-agent": "Ballast-Alerts/1", ...headers },
      signal,
    });
  } catch {
    // The runtime's error quotes the address, which is a secret with some receivers: it is neither kept nor a cause.
    throw new AlertSinkError(signal.aborted ? "timeout" : "unreachable");
  }
}
