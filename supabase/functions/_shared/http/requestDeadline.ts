import type { Platform } from "../platform/platform.ts";
import type { Clock } from "../time/clock.ts";
import type { CoarseCpuTime } from "./coarseCpuTime.ts";
import type { Deadline } from "./deadline.ts";
import type { SharedTimer } from "../time/sharedTimer.ts";

/** The hosted runtime gives a request 150 s; what we start ends 10 s before that. */
export const longestDeadlineMs = 140_000;

/** The hosted runtime gives a request 2 s of CPU; at this much, work hands over. */
const cpuBudgetMs = 1_500;

/** Options of a {@link RequestDeadline}. */
export interface RequestDeadlineOptions {
  readonly deadlineMs: number;
  readonly clock: Clock;
  readonly platform: Pick<Platform, "cpuTimeMs">;
  /** Times out all requests of this deadline. */
  readonly timer: SharedTimer;
  /** Tells what the isolate had used when the request came. */
  readonly cpuTime: CoarseCpuTime;
  /** The request whose client may leave. */
  readonly request: Request;
}

/**
 * The time a request has. The signal is made at its first use, and the timer is shared. It aborts at most once, and
 * never after the answer has left.
 */
export class RequestDeadline implements Deadline {
  readonly #options: RequestDeadlineOptions;
  readonly #startedAt: number;
  readonly #cpuAtStart: number | undefined;
  #endsAt: number;
  #cancelTimer: () => void;
  #controller: AbortController | undefined;
  #onExpiry: () => void = () => {};
  #isExtended = false;
  #isOver = false;

  constructor(options: RequestDeadlineOptions) {
    this.#options = options;
    this.#startedAt = options.clock.monotonic();
    this.#cpuAtStart = options.cpuTime.read(this.#startedAt);
    this.#endsAt = this.#startedAt + options.deadlineMs;
    this.#cancelTimer = options.timer.set(this.#expire, this.#startedAt);
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (!this.#isOver) {
        const { signal } = this.#options.request;
        if (signal.aborted) this.#leave();
        else signal.addEventListener("abort", this.#leave, { once: true });
      }
    }
    return this.#controller.signal;
  }

  remainingMs(): number {
    return Math.max(0, this.#endsAt - this.#options.clock.monotonic());
  }

  shouldYield(): boolean {
    const now = this.#options.clock.monotonic();
    if (this.#endsAt - now < (this.#endsAt - this.#startedAt) / 10) return true;
    const cpu = this.#options.platform.cpuTimeMs();
    // Where the runtime does not tell, all of the time may have been computing.
    const used = cpu === undefined || this.#cpuAtStart === undefined ? now - this.#startedAt : cpu - this.#cpuAtStart;
    return used >= cpuBudgetMs;
  }

  /** Calls `listener` when the time is up, instead of any listener before it. */
  onExpiry(listener: () => void): void {
    this.#onExpiry = listener;
  }

  /** True once {@link extend} was called: somebody else ends this deadline. */
  get isExtended(): boolean {
    return this.#isExtended;
  }

  /** For answers that stream: gives the request `totalMs` since it began, and calls `onExpiry` when they are over. */
  extend(totalMs: number, onExpiry: () => void): void {
    this.#isExtended = true;
    this.#onExpiry = onExpiry;
    this.#cancelTimer();
    this.#endsAt = this.#startedAt + totalMs;
    this.#cancelTimer = this.#options.clock.setTimer(this.#expire, this.remainingMs());
  }

  /** The answer is complete: no timer runs any more and the signal stays as it is. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancelTimer();
    if (this.#controller !== undefined) this.#options.request.signal.removeEventListener("abort", this.#leave);
  }

  /** Ends the deadline and aborts what still runs under it. */
  abort(reason: DOMException): void {
    if (this.#isOver) return;
    this.end();
    this.#controller ??= new AbortController();
    this.#controller.abort(reason);
  }

  readonly #expire = () => {
    this.abort(new DOMException("The deadline of the request has passed", "TimeoutError"));
    this.#onExpiry();
  };

  readonly #leave = () => this.abort(new DOMException("The client has left", "AbortError"));
}
