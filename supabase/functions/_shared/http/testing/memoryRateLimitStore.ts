import type { Clock } from "../../time/clock.ts";
import type { RateLimitStore, TokenLease } from "../rateLimitStore.ts";

/** The fleet's buckets in memory: what `resilience.lease_tokens` does, for tests without a database. */
export class MemoryRateLimitStore implements RateLimitStore {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();
  /** How often a lease was asked for. */
  leases = 0;
  /** While set, every lease fails with it. */
  failure: Error | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  lease(bucket: string, limit: number, windowMs: number, wanted: number): Promise<TokenLease> {
    this.leases++;
    if (this.failure !== undefined) return Promise.reject(this.failure);
    const now = this.#clock.monotonic();
    const known = this.#buckets.get(bucket) ?? { tokens: limit, at: now };
    const tokens = Math.min(limit, known.tokens + (now - known.at) * limit / windowMs);
    const granted = Math.min(wanted, Math.floor(tokens));
    this.#buckets.set(bucket, { tokens: tokens - granted, at: now });
    const left = tokens - granted;
    const retryAfterMs = granted < wanted ? Math.ceil((1 - (left % 1)) * windowMs / limit) : 0;
    return Promise.resolve({ granted, remaining: Math.floor(left), retryAfterMs });
  }
}
