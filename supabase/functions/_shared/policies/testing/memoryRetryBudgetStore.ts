import type { Clock } from "../../time/clock.ts";
import type { RetryBudgetStore, RetryLease, RetryLeaseRequest } from "../retryBudget.ts";

/** The fleet's reserves in memory: what `resilience.lease_retries` does, for tests without a database. */
export class MemoryRetryBudgetStore implements RetryBudgetStore {
  readonly #clock: Clock;
  readonly #reserves = new Map<string, { tokens: number; at: number }>();
  /** How often a lease was asked for. */
  leases = 0;
  /** While set, every lease fails with it. */
  failure: Error | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  lease({ budget, reserve, refillMs, earned, wanted }: RetryLeaseRequest): Promise<RetryLease> {
    this.leases++;
    if (this.failure !== undefined) return Promise.reject(this.failure);
    const now = this.#clock.monotonic();
    const known = this.#reserves.get(budget);
    const tokens = known === undefined
      ? reserve
      : Math.min(reserve, known.tokens + earned + (now - known.at) * reserve / refillMs);
    const granted = Math.min(wanted, Math.floor(tokens));
    this.#reserves.set(budget, { tokens: tokens - granted, at: now });
    return Promise.resolve({ granted });
  }
}
