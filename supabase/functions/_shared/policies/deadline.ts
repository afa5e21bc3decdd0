import { type Clock, systemClock } from "../time/clock.ts";
import { coarseTimer } from "../time/coarseTimer.ts";
import { checkNumber } from "./checkOption.ts";
import { definePolicy, type KeyedPolicy } from "./definePolicy.ts";
import { PolicyRefusal } from "./policyRefusal.ts";
import { PolicyTeller, type ToldOptions } from "./policyTeller.ts";
import { runWithin } from "./runWithin.ts";

/** Options of {@link deadline}. */
export interface DeadlineOptions extends ToldOptions {
  /** How long a call may take altogether, waits and retries included. @default 25_000 */
  readonly deadlineMs?: number;
  /** What is left of a time that began before the call, such as the request's. @default no such time */
  readonly remainingMs?: () => number;
  /** With less time than this a call does not begin. @default 1 */
  readonly leastMs?: number;
  /** @default systemClock */
  readonly clock?: Clock;
}

/**
 * Gives a call so much time altogether. Unlike a timeout it is known further in: no retry waits beyond it. A call that has
 * no time left is refused before anything is asked.
 *
 * @example
 * ```ts
 * const inTime = deadline({ deadlineMs: 2_000 });
 * const rows = await inTime.execute(({ signal }) => fetch("https://example.com", { signal }));
 * ```
 */
export function deadline(options: DeadlineOptions = {}): KeyedPolicy {
  const { deadlineMs = 25_000, remainingMs, leastMs = 1, clock = systemClock } = options;
  checkNumber("make a deadline", { deadlineMs, leastMs }, 1);
  const timer = coarseTimer(clock);
  const teller = new PolicyTeller("deadline", options);
  return definePolicy((work, outer) => {
    const now = timer.now();
    const limitMs = Math.min(deadlineMs, remainingMs?.() ?? Infinity, outer.endsAt - now);
    if (limitMs < leastMs) {
      if (teller.isWatched) teller.shed();
      const left = Math.max(0, Math.floor(limitMs));
      throw new PolicyRefusal("deadline", `Cannot begin the call as too little time is left: ${left} ms`);
    }
    return runWithin(work, outer, { limitMs, timer, now, endsAt: now + limitMs, teller });
  });
}
