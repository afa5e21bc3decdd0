import type { Clock } from "../time/clock.ts";
import type { LogLevel } from "./logLevel.ts";

const windowMs = 10_000;
/** Of the 100 lines that the platform takes in 10 s one is kept for the count of those that were dropped. */
const mostLines = 99;
/** What debug and info may use up, so that a flood of them never drowns the error that explains it. */
const mostQuietLines = 79;

/** Keeps an isolate's log within what the platform records: 100 lines in 10 s; beyond that it drops silently. */
export class LogBudget {
  readonly #clock: Clock;
  #windowStart = -Infinity;
  #written = 0;
  #dropped = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** May a line of `level` be written? With it comes how many were dropped, once, when a new window opens. */
  admit(level: LogLevel): { isAdmitted: boolean; dropped: number } {
    const now = this.#clock.monotonic();
    let dropped = 0;
    if (now - this.#windowStart >= windowMs) {
      dropped = this.#dropped;
      this.#windowStart = now;
      this.#written = 0;
      this.#dropped = 0;
    }
    const most = level === "warn" || level === "error" ? mostLines : mostQuietLines;
    const isAdmitted = this.#written < most;
    if (isAdmitted) this.#written++;
    else this.#dropped++;
    return { isAdmitted, dropped };
  }
}
