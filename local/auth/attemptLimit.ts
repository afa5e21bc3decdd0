import { BoundedMap } from "../../supabase/functions/_shared/cache/boundedMap.ts";
import { type Clock, systemClock } from "../../supabase/functions/_shared/time/clock.ts";

/** Options of an {@link AttemptLimit}. */
export interface AttemptLimitOptions {
  /** @default 30 */
  readonly maxFailures?: number;
  /** @default 300_000 */
  readonly windowMs?: number;
  readonly clock?: Clock;
}

/** Counts failed attempts a key in fixed windows, so that passwords cannot be tried without end. */
export class AttemptLimit {
  readonly #failures = new BoundedMap<string, { count: number; endsAt: number }>(10_000);
  readonly #maxFailures: number;
  readonly #windowMs: number;
  readonly #clock: Clock;

  constructor(options: AttemptLimitOptions = {}) {
    const { maxFailures = 30, windowMs = 300_000, clock = systemClock } = options;
    this.#maxFailures = maxFailures;
    this.#windowMs = windowMs;
    this.#clock = clock;
  }

  /** May this key try again now? */
  isOpen(key: string): boolean {
    const entry = this.#failures.get(key);
    return entry === undefined || entry.endsAt <= this.#clock.monotonic() || entry.count < this.#maxFailures;
  }

  recordFailure(key: string): void {
    const now = this.#clock.monotonic();
    const entry = this.#failures.get(key);
    if (entry === undefined || entry.endsAt <= now) {
      this.#failures.set(key, { count: 1, endsAt: now + this.#windowMs });
    } else entry.count++;
  }

  recordSuccess(key: string): void {
    this.#failures.delete(key);
  }
}
