import { type Random, systemRandom } from "../../random/random.ts";
import { type Clock, systemClock } from "../../time/clock.ts";
import { sleep } from "../../time/sleep.ts";
import { decorrelatedJitter, type JitterRange } from "./decorrelatedJitter.ts";

/** What ends waits, and what they are made of. */
export interface WaitOptions {
  /** Ends a wait at once, with its reason. */
  signal?: AbortSignal;
  /** No wait begins that would outlive it. @default none */
  deadline?: { remainingMs(): number };
  /** @default systemClock */
  clock?: Clock;
  /** @default systemRandom */
  random?: Random;
}

/** What is tried again, and how often. */
export interface RetryOptions extends WaitOptions {
  /** How a failure is met; `undefined` lets it through. */
  policyOf(error: unknown, attempt: number): { readonly maxAttempts: number; readonly wait: JitterRange } | undefined;
  /** Hears of each failure that is tried again. What it throws is not heard. */
  onRetry?(error: unknown, attempt: number, waitMs: number): void;
}

/** Runs `work` until it succeeds, its failure is final, or time is up: then its own last failure surfaces. */
export async function retryWhile<Result>(
  work: (attempt: number) => Promise<Result>,
  options: RetryOptions,
): Promise<Result> {
  const { signal, deadline, clock = systemClock, random = systemRandom, onRetry } = options;
  let waitMs = 0;
  for (let attempt = 1;; attempt++) {
    signal?.throwIfAborted();
    try {
      return await work(attempt);
    } catch (error) {
      const policy = options.policyOf(error, attempt);
      if (policy === undefined || attempt >= policy.maxAttempts) throw error;
      waitMs = decorrelatedJitter(waitMs, policy.wait, random);
      if (deadline !== undefined && waitMs >= deadline.remainingMs()) throw error;
      try {
        onRetry?.(error, attempt, waitMs);
      } catch {
        // Whoever looks on cannot break what is looked at.
      }
      await sleep(waitMs, signal === undefined ? { clock } : { clock, signal });
    }
  }
}
