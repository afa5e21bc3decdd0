import type { RateLimitVerdict } from "../http/rateLimiter.ts";
import type { Clock } from "../time/clock.ts";

/** A bucket of `limit` tokens that fills up again over `windowMs`, for this isolate alone. */
export class TokenBucket {
  readonly #limit: number;
  readonly #windowMs: number;
  readonly #clock: Clock;
  #tokens: number;
  #countedAt: number;

  constructor(limit: number, windowMs: number, clock: Clock) {
    this.#limit = limit;
    this.#windowMs = windowMs;
    this.#clock = clock;
    this.#tokens = limit;
    this.#countedAt = clock.monotonic();
  }

  /** Takes one token, if there is one. */
  take(): RateLimitVerdict {
    const now = this.#clock.monotonic();
    const filled = this.#tokens + (now - this.#countedAt) * this.#limit / this.#windowMs;
    this.#tokens = Math.min(this.#limit, filled);
    this.#countedAt = now;
    if (this.#tokens < 1) {
      const retryAfterMs = (1 - this.#tokens) * this.#windowMs / this.#limit;
      return { isAllowed: false, remaining: 0, retryAfterMs };
    }
    this.#tokens--;
    return { isAllowed: true, remaining: Math.floor(this.#tokens), retryAfterMs: 0 };
  }
}
