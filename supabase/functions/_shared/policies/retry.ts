import { decorrelatedJitter } from "../healing/retry/decorrelatedJitter.ts";
import { type Random, systemRandom } from "../random/random.ts";
import { type Clock, systemClock } from "../time/clock.ts";
import { sleep } from "../time/sleep.ts";
import type { CallScope } from "./callScope.ts";
import { checkNumber, checkWhole } from "./checkOption.ts";
import { definePolicy, type KeyedPolicy } from "./definePolicy.ts";
import type { Work } from "./policy.ts";
import { isRetryable } from "./isRetryable.ts";
import { PolicyTeller, type ToldOptions } from "./policyTeller.ts";
import { retryAfterOf } from "./retryAfterOf.ts";
import type { RetryBudget } from "./retryBudget.ts";

/** Options of {@link retry}. */
export interface RetryOptions extends ToldOptions {
  /** Attempts altogether, the first one included. @default 3 */
  readonly maxAttempts?: number;
  /** The least wait. @default 50 */
  readonly baseMs?: number;
  /** The longest wait, but for one that the dependency asks for. @default 2_000 */
  readonly capMs?: number;
  /** A dependency that asks for a longer wait than this is not waited for: its error surfaces. @default 10_000 */
  readonly maxRetryAfterMs?: number;
  /** Which failures are tried again. @default isRetryable */
  readonly isRetryable?: (error: unknown) => boolean;
  /** What pays for retries. @default nothing: every one is made */
  readonly budget?: RetryBudget;
  /** Hears of each failure that is tried again. What it throws is not heard. */
  readonly onRetry?: (error: unknown, attempt: number, waitMs: number) => void;
  /** @default systemClock */
  readonly clock?: Clock;
  /** @default systemRandom */
  readonly random?: Random;
}

const action = "make a retry";

/**
 * Makes a call again that failed, after waits that part clients which failed together. It obeys a Retry-After that the
 * error carries, begins no wait that would outlive the deadline, and makes no retry that the budget does not pay for. Only
 * for calls that may be made twice.
 *
 * @example
 * ```ts
 * const again = retry({ maxAttempts: 3, budget: openRetryBudget({ name: "catalog" }) });
 * const response = await again.execute(({ signal }) => fetch("https://example.com", { signal }));
 * ```
 */
export function retry(options: RetryOptions = {}): KeyedPolicy {
  const {
    maxAttempts = 3,
    baseMs = 50,
    capMs = 2_000,
    maxRetryAfterMs = 10_000,
    isRetryable: isFit = isRetryable,
    budget,
    onRetry,
    clock = systemClock,
    random = systemRandom,
  } = options;
  const teller = new PolicyTeller("retry", options);
  checkWhole(action, { maxAttempts }, 1);
  checkNumber(action, { baseMs, maxRetryAfterMs }, 0);
  checkNumber(action, { capMs }, baseMs);

  /** The waits before the next attempt, as drawn and altogether; undefined where there is to be none. */
  function plan(error: unknown, previousMs: number, scope: CallScope): { drawnMs: number; waitMs: number } | undefined {
    if (!isFit(error)) return undefined;
    const wantedMs = retryAfterOf(error, clock.now()) ?? 0;
    if (wantedMs > maxRetryAfterMs) return undefined;
    const drawnMs = decorrelatedJitter(previousMs, { baseMs, capMs }, random);
    const waitMs = wantedMs + drawnMs; // Those who were told the same time do not come back together.
    return clock.monotonic() + waitMs < scope.endsAt ? { drawnMs, waitMs } : undefined;
  }

  function tell(error: unknown, attempt: number, waitMs: number): void {
    if (teller.isWatched) teller.retried(error, attempt, waitMs);
    try {
      onRetry?.(error, attempt, waitMs);
    } catch {
      // Whoever looks on cannot break what is looked at.
    }
  }

  async function goOn<Result>(work: Work<Result>, scope: CallScope, first: unknown): Promise<Result> {
    let [error, drawnMs] = [first, 0];
    for (let attempt = 1;; attempt++) {
      if (scope.isAborted) throw scope.reason;
      const next = attempt < maxAttempts ? plan(error, drawnMs, scope) : undefined;
      if (next === undefined || budget !== undefined && !(await budget.spend())) throw error;
      drawnMs = next.drawnMs;
      tell(error, attempt, next.waitMs);
      await sleep(next.waitMs, scope.canAbort ? { clock, signal: scope.signal } : { clock });
      try {
        return await work(scope);
      } catch (again) {
        error = again;
      }
    }
  }

  return definePolicy(async <Result>(work: Work<Result>, scope: CallScope) => {
    budget?.earn();
    try {
      return await work(scope);
    } catch (error) {
      return await goOn(work, scope, error);
    }
  });
}
