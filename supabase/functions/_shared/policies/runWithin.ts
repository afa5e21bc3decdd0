import { keepCause } from "../telemetry/causeScope.ts";
import type { CoarseTimer } from "../time/coarseTimer.ts";
import { TimeLimitError } from "../time/timeLimit.ts";
import { CallScope } from "./callScope.ts";
import type { Work } from "./policy.ts";
import type { PolicyTeller } from "./policyTeller.ts";

/** How long work may take, on which timer. */
export interface Limit {
  readonly limitMs: number;
  readonly timer: CoarseTimer;
  /** The timer's time. */
  readonly now: number;
  /** When the time of the whole call is up, where this is that limit. */
  readonly endsAt?: number;
  /** Tells that the time was up. */
  readonly teller: PolicyTeller;
}

/** Runs `work` for so long at most, then rejects with a {@link TimeLimitError} and aborts it. */
export function runWithin<Result>(work: Work<Result>, outer: CallScope, limit: Limit): Promise<Result> {
  return new Promise((resolve, reject) => {
    const scope = new CallScope(outer);
    if (limit.endsAt !== undefined) scope.endsAt = limit.endsAt;
    const expire = () => {
      if (limit.teller.isWatched) limit.teller.shed({ limitMs: limit.limitMs });
      scope.abort(new TimeLimitError(limit.limitMs));
    };
    // The abort runs what listens to it: on behalf of this call, not of whoever set the timer.
    const wait = limit.timer.set(keepCause(expire), limit.limitMs, limit.now);
    scope.onAbort = (reason) => {
      wait.cancel();
      reject(reason);
    };
    const end = () => {
      wait.cancel();
      scope.end();
    };
    try {
      scope.link();
      const result = work(scope);
      if (typeof (result as PromiseLike<Result> | undefined)?.then !== "function") {
        end();
        return resolve(result);
      }
      (result as PromiseLike<Result>).then((value) => {
        end();
        resolve(value);
      }, (error) => {
        end();
        reject(error);
      });
    } catch (error) {
      end();
      reject(error);
    }
  });
}
