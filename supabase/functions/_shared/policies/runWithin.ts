import type { CoarseTimer } from "../time/coarseTimer.ts";
import { TimeLimitError } from "../time/timeLimit.ts";
import { CallScope } from "./callScope.ts";
import type { Work } from "./policy.ts";

/** How long work may take, on which timer. */
export interface Limit {
  readonly limitMs: number;
  readonly timer: CoarseTimer;
  /** The timer's time. */
  readonly now: number;
  /** When the time of the whole call is up, where this is that limit. */
  readonly endsAt?: number;
}

/** Runs `work` for so long at most, then rejects with a {@link TimeLimitError} and aborts it. */
export function runWithin<Result>(work: Work<Result>, outer: CallScope, limit: Limit): Promise<Result> {
  return new Promise((resolve, reject) => {
    const scope = new CallScope(outer);
    if (limit.endsAt !== undefined) scope.endsAt = limit.endsAt;
    const wait = limit.timer.set(() => scope.abort(new TimeLimitError(limit.limitMs)), limit.limitMs, limit.now);
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
