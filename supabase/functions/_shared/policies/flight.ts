import { type Abortable, CallScope } from "./callScope.ts";
import type { Work } from "./policy.ts";

/** One call that many wait for. It belongs to none of them: it is aborted when the last has left. */
export class Flight {
  readonly #scope: CallScope;
  readonly #answer: Promise<unknown>;
  readonly #onEnd: () => void;
  #waiting = 0;

  /** Begins the call. `onEnd` is called once nobody may join any more. */
  constructor(work: Work<unknown>, key: string, onEnd: () => void) {
    this.#scope = new CallScope(undefined, { key }, true);
    this.#onEnd = onEnd;
    this.#answer = this.#run(work);
    this.#answer.catch(() => {}); // Whoever waits hears of it.
  }

  async #run(work: Work<unknown>): Promise<unknown> {
    try {
      await Promise.resolve(); // Whoever begins it is to have kept it first.
      return await work(this.#scope);
    } finally {
      this.#scope.end();
      this.#onEnd();
    }
  }

  /** Waits for the answer, for as long as `scope` is not aborted. */
  join<Result>(scope: CallScope): Promise<Result> {
    this.#waiting++;
    if (!scope.canAbort) return this.#answer as Promise<Result>;
    return new Promise((resolve, reject) => {
      const leaving: Abortable = {
        abort: (reason) => {
          reject(reason);
          if (--this.#waiting > 0) return;
          this.#onEnd();
          this.#scope.abort(reason);
        },
      };
      scope.attach(leaving);
      this.#answer.then((answer) => {
        scope.detach(leaving);
        resolve(answer as Result);
      }, (error) => {
        scope.detach(leaving);
        reject(error);
      });
    });
  }
}
