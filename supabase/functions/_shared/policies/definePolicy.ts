import { unlessAborted } from "../db/unlessAborted.ts";
import { type CallOptions, CallScope } from "./callScope.ts";
import type { Policy, Work } from "./policy.ts";

/** A policy that can tell calls apart by their key. */
export interface KeyedPolicy extends Policy {
  execute<Result>(work: Work<Result>, options?: CallOptions): Promise<Result>;
}

/** What a policy does with one call. It may answer by a rejection or by throwing. */
export type Run = <Result>(work: Work<Result>, scope: CallScope) => Promise<Result>;

/**
 * Makes a policy out of what it does with a call. Inside of another policy it takes over the scope that is there; called
 * from outside it makes one, and sees to it that an abort rejects at once, whatever the work makes of it.
 */
export function definePolicy(run: Run): KeyedPolicy {
  return {
    execute(work, options) {
      try {
        if (options instanceof CallScope) return run(work, options);
        const signal = options?.signal;
        if (signal === undefined) return run(work, new CallScope(undefined, options));
        if (signal.aborted) return Promise.reject(signal.reason);
        const scope = new CallScope(undefined, options);
        return unlessAborted(run(work, scope), signal, () => scope.abort(signal.reason));
      } catch (error) {
        return Promise.reject(error);
      }
    },
  };
}
