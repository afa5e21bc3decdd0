import type { Clock } from "../../../_shared/time/clock.ts";

/**
 * One run at a time, whoever asks: those who come while it is under way get its result, and so do those who come within
 * `keepMs` after it began. Asking often then costs what asking once a second costs.
 */
export class SharedRun<Result> {
  readonly #clock: Clock;
  readonly #keepMs: number;
  #current: Promise<Result> | undefined;
  #isRunning = false;
  #startedAt = -Infinity;

  constructor(options: { clock: Clock; /** @default 1_000 */ keepMs?: number }) {
    this.#clock = options.clock;
    this.#keepMs = options.keepMs ?? 1_000;
  }

  /** The result of the run under way or just ended, else of a new one. A failed run is not kept. */
  get(run: () => Promise<Result>): Promise<Result> {
    const now = this.#clock.monotonic();
    if (this.#current !== undefined && (this.#isRunning || now - this.#startedAt < this.#keepMs)) return this.#current;
    this.#startedAt = now;
    this.#isRunning = true;
    const current = (async () => await run())().then((result) => {
      this.#isRunning = false;
      return result;
    }, (error) => {
      this.#isRunning = false;
      this.#current = undefined;
      throw error;
    });
    return this.#current = current;
  }
}
