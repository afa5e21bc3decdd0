import type { CircuitRegistry } from "../../breaker/circuitRegistry.ts";
import { CircuitOpenError } from "../../breaker/circuitErrors.ts";
import { decorrelatedJitter } from "../../healing/retry/decorrelatedJitter.ts";
import { errorCodeOf } from "../../jobs/errorCodeOf.ts";
import type { Random } from "../../random/random.ts";
import { AlertSinkError, type ConfiguredSink } from "../alertSink.ts";
import type { AlertOutbox, DeliveryResult, LeasedDelivery } from "./alertOutbox.ts";

/** What deliveries need. */
export interface DeliveryParts {
  readonly outbox: AlertOutbox;
  readonly sinks: readonly ConfiguredSink[];
  readonly breakers: Pick<CircuitRegistry, "getBreaker">;
  readonly random: Random;
  /** Ends what is under way. */
  readonly signal: AbortSignal;
  readonly giveUpSeconds: number;
}

/** What a batch came to; all zero where nothing was due. */
export interface DeliveredBatch {
  readonly delivered: number;
  readonly failed: number;
  readonly postponed: number;
}

/** Each delivery of a batch is under way at once, so a batch takes no longer than the slowest: far within its lease. */
const [batchSize, timeoutMs, leaseSeconds] = [8, 10_000, 60];

const wait = { baseMs: 20_000, capMs: 3_600_000 };

/** A batch of what is due: leased, sent, settled. A sender that dies leaves its batch to others, a minute later. */
export async function deliverAlerts(parts: DeliveryParts): Promise<DeliveredBatch> {
  const { outbox, sinks, giveUpSeconds } = parts;
  const leased = await outbox.claim(sinks.map(({ sink }) => sink.name), batchSize, leaseSeconds);
  const results = await Promise.all(leased.map(async (delivery) => {
    const result = await send(delivery, parts);
    await outbox.settle(delivery, result, giveUpSeconds);
    return result.kind;
  }));
  const count = (...kinds: DeliveryResult["kind"][]) => results.filter((kind) => kinds.includes(kind)).length;
  return { delivered: count("delivered"), failed: count("failed", "gone"), postponed: count("postponed") };
}

async function send(delivery: LeasedDelivery, parts: DeliveryParts): Promise<DeliveryResult> {
  const { sinks, breakers, random, signal } = parts;
  const { sink } = sinks.find(({ sink }) => sink.name === delivery.sink)!;
  // A minute's run makes few calls: three that fail within two runs are enough.
  const circuit = breakers.getBreaker(`alert-sink.${sink.name}`, {
    failureThreshold: 3,
    rollingWindowMs: 120_000,
    timeout: timeoutMs,
  });
  try {
    await circuit.execute((call) => sink.deliver(delivery.notice, { signal: call.signal }), undefined, { signal });
    return { kind: "delivered" };
  } catch (error) {
    if (signal.aborted) return { kind: "postponed", code: "interrupted", waitMs: 0 };
    if (error instanceof CircuitOpenError) {
      return {
        kind: "postponed",
        code: "circuit_open",
        waitMs: Math.max(1_000, error.standing.retryAfterMs ?? 30_000),
      };
    }
    if (error instanceof AlertSinkError && error.isGone) return { kind: "gone", code: error.code };
    const asked = error instanceof AlertSinkError ? Math.min(error.retryAfterMs ?? 0, wait.capMs) : 0;
    const waitMs = Math.max(asked, decorrelatedJitter(delivery.waitMs, wait, random));
    return { kind: "failed", code: errorCodeOf(error), waitMs };
  }
}
