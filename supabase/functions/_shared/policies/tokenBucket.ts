import type { RateLimitVerdict } from "../http/rateLimiter.ts";

/** A bucket of `limit` tokens that fills up again over `windowMs`, for this isolate alone. */
export class TokenBucket {
  readonly #limit: number;
  readonly #windowMs: number;
  readonly #time: { now(): number };
  #tokens: number;
  #countedAt: number;

  constructor(limit: number, windowMs: number, time: { now(): number }) {
    this.#limit = limit;
    this.#windowMs = windowMs;
    this.#time = time;
    this.#tokens = limit;
    this.#countedAt = time.now();
  }

  /** Takes one token, if there is one. */
  take(): RateLimitVerdict {
    const now = this.#time.now();
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
