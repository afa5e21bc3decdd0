import type { Clock } from "../time/clock.ts";
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
 * How long the dependency asks to be left alone: the `Retry-After` of a 429 or 503, as seconds or as a date. No more than
 * five minutes are heeded, so that one answer cannot switch a dependency off for a day.
 */
export function retryAfterMsOf(outcome: unknown, clock: Clock): number | undefined {
  const status = statusOf(outcome);
  if (status !== 429 && status !== 503) return undefined;
  const text = headerOf(outcome, "retry-after");
  if (text === undefined) return undefined;
  const waitMs = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - clock.now();
  return waitMs > 0 ? Math.min(longestWaitMs, waitMs) : undefined;
}

function headerOf(outcome: unknown, name: string): string | undefined {
  const { headers, response } = outcome as { headers?: unknown; response?: { headers?: unknown } };
  for (const found of [headers, response?.headers]) {
    if (found instanceof Headers) return found.get(name)?.trim() ?? undefined;
    if (typeof found === "object" && found !== null) {
      const value = (found as Record<string, unknown>)[name];
      if (typeof value === "string") return value.trim();
    }
  }
  return undefined;
}
