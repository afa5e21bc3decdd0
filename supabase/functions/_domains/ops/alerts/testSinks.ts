import type { AlertNotice, AlertSeverity } from "../../../_shared/alerts/alert.ts";
import { AlertSinkError } from "../../../_shared/alerts/alertSink.ts";
import type { RequestContext } from "../../../_shared/http/context.ts";
import type { AlertPorts } from "./alertPorts.ts";

/** What a sink answered to a test. */
export interface SinkAnswer {
  readonly sink: string;
  readonly isDelivered: boolean;
  readonly code: string | null;
  readonly durationMs: number;
}

const timeoutMs = 10_000;

/**
 * Sends a test through every sink at once: no circuit, no retries, no severity in between, so that what comes back is what the
 * receiver says. One that was switched off and takes it is told of alerts again.
 */
export async function testSinks(
  { sinks, outbox }: Pick<AlertPorts, "sinks" | "outbox">,
  severity: AlertSeverity,
  { clock, random, signal }: Pick<RequestContext, "clock" | "random" | "signal">,
): Promise<SinkAnswer[]> {
  const at = new Date(clock.now()).toISOString();
  const notice: AlertNotice = { id: random.uuid(), kind: "test", at, alert: testAlert(random.uuid(), severity, at) };
  const answers = await Promise.all(sinks.map(async ({ sink }): Promise<SinkAnswer> => {
    const startedAt = clock.monotonic();
    const code = await codeOf(
      sink.deliver(notice, { signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) }),
    );
    const durationMs = Math.round(clock.monotonic() - startedAt);
    return { sink: sink.name, isDelivered: code === null, code, durationMs };
  }));
  for (const { sink, isDelivered } of answers) if (isDelivered) await outbox.enable(sink);
  return answers;
}

async function codeOf(delivery: Promise<void>): Promise<string | null> {
  try {
    await delivery;
    return null;
  } catch (error) {
    return error instanceof AlertSinkError ? error.code : "failed";
  }
}

function testAlert(id: string, severity: AlertSeverity, at: string): AlertNotice["alert"] {
  return {
    id,
    key: "test:sinks",
    episode: 1,
    severity,
    title: "This is a test: nothing is wrong",
    detail: {},
    ref: null,
    state: "open",
    isFlapping: false,
    occurrences: 1,
    firstRaisedAt: at,
    lastRaisedAt: at,
    acknowledgedAt: null,
    acknowledgedBy: null,
    resolvedAt: null,
    resolvedBy: null,
    note: null,
  };
}
