import { PolicyRefusal } from "./policyRefusal.ts";

/** Refusals that pass with time: too early, too slow, too many. */
const passing = new Set([408, 425, 429]);

/**
 * May a call that failed like this be made again? Not where a policy or a circuit has refused it, and not where the
 * dependency has answered that the call itself is wrong.
 */
export function isRetryable(error: unknown): boolean {
  if (error instanceof PolicyRefusal) return false;
  if (typeof error !== "object" || error === null) return true;
  const { status } = error as { status?: unknown };
  return typeof status !== "number" || status < 400 || status >= 500 || passing.has(status);
}
