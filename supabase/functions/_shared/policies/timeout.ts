import { type Clock, systemClock } from "../time/clock.ts";
import { coarseTimer } from "../time/coarseTimer.ts";
import { checkNumber } from "./checkOption.ts";
import { definePolicy } from "./definePolicy.ts";
import type { Policy } from "./policy.ts";
import { PolicyTeller, type ToldOptions } from "./policyTeller.ts";
import { runWithin } from "./runWithin.ts";

/** Options of {@link timeout}. */
export interface TimeoutOptions extends ToldOptions {
  /** How long one attempt may take; it ends up to 8 ms later. @default 5_000 */
  readonly timeoutMs?: number;
  /** @default systemClock */
  readonly clock?: Clock;
}

/**
 * Gives one attempt so much time and no more, then rejects with a `TimeLimitError` and aborts the work's signal. Work that
 * does not heed the signal goes on, but nobody waits for it.
 *
 * @example
 * ```ts
 * const quick = timeout({ timeoutMs: 800 });
 * const response = await quick.execute(({ signal }) => fetch("https://example.com", { signal }));
 * ```
 */
export function timeout(options: TimeoutOptions = {}): Policy {
  const { timeoutMs = 5_000, clock = systemClock } = options;
  checkNumber("make a timeout", { timeoutMs }, 1);
  const timer = coarseTimer(clock);
  const teller = new PolicyTeller("timeout", options);
  return definePolicy((work, outer) => runWithin(work, outer, { limitMs: timeoutMs, timer, now: timer.now(), teller }));
}
