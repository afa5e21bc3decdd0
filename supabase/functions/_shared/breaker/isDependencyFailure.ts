import type { Clock } from "../time/clock.ts";
import { retryAfterOf } from "../policies/retryAfterOf.ts";
import type { Outcome } from "./circuitOptions.ts";

/** Says of a call's outcome what it says of the dependency. */
export function isDependencyFailure(outcome: Outcome): boolean {
  const status = statusOf("error" in outcome ? outcome.error : outcome.value);
  if (status !== undefined) return status >= 500 || status === 408;
  return "error" in outcome;
}

/**
 * The HTTP status that an answer, or an error of one of the usual clients, carries. An answer that asks for less, or for
 * a key, proves that there is somebody who answers.
 */
export function statusOf(outcome: unknown): number | undefined {
  if (typeof outcome !== "object" || outcome === null) return undefined;
  const { status, statusCode, response } = outcome as { status?: unknown; statusCode?: unknown; response?: unknown };
  for (const found of [status, statusCode, (response as { status?: unknown } | undefined)?.status]) {
    if (typeof found === "number" && found >= 100 && found < 600) return found;
  }
  return undefined;
}

const longestWaitMs = 300_000;

/**
 * How long the dependency asks to be left alone, with a 429 or 503. No more than five minutes are heeded, so that one answer
 * cannot switch a dependency off for a day.
 */
export function heededRetryAfterMs(outcome: unknown, clock: Clock): number | undefined {
  const status = statusOf(outcome);
  if (status !== 429 && status !== 503) return undefined;
  const waitMs = retryAfterOf(outcome, clock.now());
  return waitMs === undefined || waitMs === 0 ? undefined : Math.min(longestWaitMs, waitMs);
}
