import type { Abortable, CallScope } from "./callScope.ts";
import { checkWhole } from "./checkOption.ts";
import { definePolicy } from "./definePolicy.ts";
import type { Policy, Work } from "./policy.ts";
import { PolicyRefusal } from "./policyRefusal.ts";
import { PolicyTeller, type ToldOptions } from "./policyTeller.ts";

/** Options of {@link bulkhead}. */
export interface BulkheadOptions extends ToldOptions {
  /** Calls that run at once. @default 10 */
  readonly capacity?: number;
  /** Calls that may wait for one of them to end; the next is refused. @default 20 */
  readonly queueCapacity?: number;
}

/** A bulkhead, and how full it is. */
export interface Bulkhead extends Policy {
  /** Calls that run. */
  readonly running: number;
  /** Calls that wait. */
  readonly waiting: number;
}

/** A call that waits for a slot. */
interface Waiter extends Abortable {
  enter(): void;
}

/**
 * Lets so many calls of a dependency run at once, has a few more wait in the order they came, and refuses the others: a slow
 * dependency then takes up no more than its share of the isolate. A slot is held until the work is over, as long as it
 * runs on after its caller has left.
 *
 * @example
 * ```ts
 * const narrow = bulkhead({ capacity: 5, queueCapacity: 10 });
 * const response = await narrow.execute(({ signal }) => fetch("https://example.com", { signal }));
 * ```
 */
export function bulkhead(options: BulkheadOptions = {}): Bulkhead {
  const { capacity = 10, queueCapacity = 20 } = options;
  checkWhole("make a bulkhead", { capacity }, 1);
  checkWhole("make a bulkhead", { queueCapacity }, 0);
  const teller = new PolicyTeller("bulkhead", options);
  let running = 0;
  /** In the order they came; a set gives any of them up at once. */
  const queue = new Set<Waiter>();

  function leave(): void {
    const [next] = queue;
    if (next === undefined) running--;
    else next.enter(); // The slot changes hands: nobody who comes now can take it.
  }

  async function occupy<Result>(work: Work<Result>, scope: CallScope): Promise<Result> {
    try {
      if (scope.isAborted) throw scope.reason; // Between its turn and now.
      return await work(scope);
    } finally {
      leave();
    }
  }

  function enqueue(scope: CallScope): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        enter() {
          queue.delete(waiter);
          scope.detach(waiter);
          resolve();
        },
        abort(reason) {
          queue.delete(waiter);
          reject(reason);
        },
      };
      queue.add(waiter);
      if (scope.canAbort) scope.attach(waiter);
    });
  }

  const policy = definePolicy((work, scope) => {
    if (running < capacity) {
      running++;
      return occupy(work, scope);
    }
    if (queue.size < queueCapacity) return enqueue(scope).then(() => occupy(work, scope));
    if (teller.isWatched) teller.shed({ running, waiting: queue.size });
    throw new PolicyRefusal(
      "bulkhead",
      `Cannot make the call as ${running} are running and ${queue.size} are waiting already`,
    );
  });
  return {
    execute: policy.execute,
    get running() {
      return running;
    },
    get waiting() {
      return queue.size;
    },
  };
}
