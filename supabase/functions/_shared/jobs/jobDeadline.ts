import type { Deadline } from "../http/deadline.ts";
import type { Platform } from "../platform/platform.ts";
import type { Clock } from "../time/clock.ts";

/** Options of {@link JobDeadline}. */
export interface JobDeadlineOptions {
  /** How long the work may go on, in wall-clock time. */
  readonly budgetMs: number;
  /** How much CPU it may use; the hosted limit is 2 s. */
  readonly cpuBudgetMs: number;
  readonly clock: Clock;
  readonly platform: Pick<Platform, "cpuTimeMs">;
  /** Aborts when the isolate is about to be retired. */
  readonly retiring: AbortSignal;
}

/**
 * The time a job has after its wake-up was answered. Unlike a request's it does not end when the client leaves, as pg_net
 * does after 5 s; it yields when the isolate is about to go, so that the cursor is saved and the lease is given back.
 */
export class JobDeadline implements Deadline {
  readonly #options: JobDeadlineOptions;
  readonly #controller = new AbortController();
  readonly #startedAt: number;
  readonly #cpuAtStart: number | undefined;
  readonly #cancelTimer: () => void;

  constructor(options: JobDeadlineOptions) {
    const { budgetMs, clock, platform } = options;
    this.#options = options;
    this.#startedAt = clock.monotonic();
    this.#cpuAtStart = platform.cpuTimeMs();
    this.#cancelTimer = clock.setTimer(
      () => this.#controller.abort(new DOMException("The time of the job has passed", "TimeoutError")),
      budgetMs,
    );
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  remainingMs(): number {
    return Math.max(0, this.#options.budgetMs - this.#usedMs());
  }

  shouldYield(): boolean {
    const { budgetMs, cpuBudgetMs, platform, retiring } = this.#options;
    if (retiring.aborted || this.remainingMs() < budgetMs / 10) return true;
    const cpu = platform.cpuTimeMs();
    // Where the runtime does not tell, all of the time may have been computing.
    const used = cpu === undefined || this.#cpuAtStart === undefined ? this.#usedMs() : cpu - this.#cpuAtStart;
    return used >= cpuBudgetMs;
  }

  /** The work is over: no timer is left behind. */
  end(): void {
    this.#cancelTimer();
  }

  #usedMs(): number {
    return this.#options.clock.monotonic() - this.#startedAt;
  }
}
