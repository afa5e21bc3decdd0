import type { Clock } from "../../supabase/functions/_shared/time/clock.ts";

interface Timer {
  readonly dueAtMs: number;
  readonly callback: () => void;
}

/** Lets everything that became ready run: promise chains of any length, not only the first step of each. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/**
 * A clock that stands still until the test moves it.
 *
 * @example
 * ```ts
 * const clock = new FakeClock();
 * const slept = sleep(1_000, { clock });
 * await clock.advance(1_000);
 * await slept;
 * ```
 */
export class FakeClock implements Clock {
  #nowMs: number;
  readonly #startMs: number;
  readonly #timers = new Set<Timer>();

  constructor(startMs: number = Date.UTC(2026, 0, 1)) {
    this.#nowMs = startMs;
    this.#startMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  monotonic(): number {
    return this.#nowMs - this.#startMs;
  }

  setTimer(callback: () => void, delayMs: number): () => void {
    const timer = { dueAtMs: this.#nowMs + Math.max(0, delayMs), callback };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** How many timers wait; a test that ends with some has forgotten to cancel one. */
  get pendingTimers(): number {
    return this.#timers.size;
  }

  /** Moves time on. Timers fire in the order they are due, each at its own time, those set on the way included. */
  async advance(ms: number): Promise<void> {
    const end = this.#nowMs + ms;
    await settle();
    for (let timer = this.#next(end); timer !== undefined; timer = this.#next(end)) {
      this.#timers.delete(timer);
      this.#nowMs = timer.dueAtMs;
      timer.callback();
      await settle();
    }
    this.#nowMs = end;
    await settle();
  }

  #next(endMs: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.dueAtMs <= endMs && (next === undefined || timer.dueAtMs < next.dueAtMs)) next = timer;
    }
    return next;
  }
}
