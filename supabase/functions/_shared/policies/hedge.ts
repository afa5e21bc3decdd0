import { keepCause } from "../telemetry/causeScope.ts";
import { type Clock, systemClock } from "../time/clock.ts";
import { coarseTimer, type CoarseWait } from "../time/coarseTimer.ts";
import { CallScope } from "./callScope.ts";
import { checkNumber, checkWhole } from "./checkOption.ts";
import { definePolicy } from "./definePolicy.ts";
import type { Policy, Work } from "./policy.ts";
import { PolicyTeller, type ToldOptions } from "./policyTeller.ts";
import type { RetryBudget } from "./retryBudget.ts";

/** Options of {@link hedge}. */
export interface HedgeOptions extends ToldOptions {
  /** Says that the calls only read, so that making one twice changes nothing. Without it there is no hedge. */
  readonly isRead: true;
  /** How long an answer is waited for before the same is asked once more; up to 8 ms later. @default 100 */
  readonly delayMs?: number;
  /** Calls that may be made besides the first. @default 1 */
  readonly maxHedges?: number;
  /**
   * What pays for calls besides the first, as for retries: a dependency that hangs is asked twice otherwise.
   * @default nothing: every one is made
   */
  readonly budget?: Pick<RetryBudget, "spend">;
  /** @default systemClock */
  readonly clock?: Clock;
}

/**
 * Asks once more when an answer is slow in coming, takes the first that comes and aborts the others. A call that fails
 * before the next one is made surfaces at once: to try again is the retry's business.
 *
 * @example
 * ```ts
 * const impatient = hedge({ isRead: true, delayMs: 80 });
 * const response = await impatient.execute(({ signal }) => fetch("https://example.com", { signal }));
 * ```
 */
export function hedge(options: HedgeOptions): Policy {
  const { isRead, delayMs = 100, maxHedges = 1, budget, clock = systemClock } = options ?? {};
  if (isRead !== true) {
    throw new TypeError(
      `Cannot make a hedge as 'isRead' must be true, for it makes calls twice: current value is ${String(isRead)}`,
    );
  }
  checkNumber("make a hedge", { delayMs }, 1);
  checkWhole("make a hedge", { maxHedges }, 1);
  const timer = coarseTimer(clock);
  const teller = new PolicyTeller("hedge", options);
  return definePolicy(<Result>(work: Work<Result>, outer: CallScope) =>
    new Promise<Result>((resolve, reject) => {
      const race = new CallScope(outer);
      let [running, made] = [0, 0];
      let wait: CoarseWait | undefined;
      let isOver = false;

      function finish(): void {
        isOver = true;
        wait?.cancel();
        race.onAbort = undefined;
      }

      function start(): void {
        const leg = new CallScope(race);
        running++;
        made++;
        if (made > 1 && teller.isWatched) teller.hedged();
        wait = made <= maxHedges ? timer.set(keepCause(startAnother), delayMs) : undefined;
        const won = (value: Result) => {
          finish();
          leg.end(); // The winner's signal stays as it is.
          race.abort(new DOMException("Another answer was faster", "AbortError"));
          resolve(value);
        };
        const lost = (error: unknown) => {
          leg.end();
          if (--running > 0) return; // Another may still answer.
          finish();
          race.end();
          reject(error);
        };
        try {
          Promise.resolve(work(leg)).then(won, lost);
        } catch (error) {
          lost(error);
        }
      }

      function startAnother(): void {
        const paid = budget?.spend() ?? true;
        if (paid === true) start();
        else if (paid !== false) paid.then((isPaid) => isPaid && !isOver && start());
      }

      race.onAbort = (reason) => {
        finish();
        reject(reason);
      };
      race.link();
      start();
    })
  );
}
