import { type Clock, systemClock } from "./clock.ts";

/** Work that did not come back within its limit. The work itself goes on: only the waiting has ended. */
export class TimeLimitError extends Error {
  readonly limitMs: number;

  constructor(limitMs: number) {
    super(`Cannot wait any longer as the work took more than ${limitMs} ms`);
    this.name = "TimeLimitError";
    this.limitMs = limitMs;
  }
}

/** Waits for `work`, but not longer than `limitMs`: then rejects with a {@link TimeLimitError}. */
export function timeLimit<Result>(work: Promise<Result>, limitMs: number, clock: Clock = systemClock): Promise<Result> {
  return new Promise((resolve, reject) => {
    const cancel = clock.setTimer(() => reject(new TimeLimitError(limitMs)), limitMs);
    work.then(resolve, reject).finally(cancel);
  });
}
