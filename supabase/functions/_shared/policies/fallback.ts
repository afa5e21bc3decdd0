import type { Fallback } from "../breaker/circuit.ts";
import type { CallScope } from "./callScope.ts";
import { definePolicy } from "./definePolicy.ts";
import type { Policy, Work } from "./policy.ts";
import { PolicyTeller, type ToldOptions } from "./policyTeller.ts";

/** Options of {@link fallback}. */
export interface FallbackOptions extends ToldOptions {
  /** Which failures are answered for; others surface. @default all of them */
  readonly handles?: (error: unknown) => boolean;
}

/**
 * Answers in place of a call that failed. `answer` is told why, and may fail itself. It stands for the work's answer, so
 * it has to be of the same type: a policy is made before its work, and cannot check that. A call that was aborted from
 * outside is not answered for, as nobody is left to read it.
 *
 * @example
 * ```ts
 * const orNothing = fallback(() => []);
 * const tips = await orNothing.execute(() => fetch("https://example.com/tips").then((response) => response.json()));
 * ```
 */
export function fallback(answer: Fallback<unknown>, options: FallbackOptions = {}): Policy {
  const { handles } = options;
  const teller = new PolicyTeller("fallback", options);
  return definePolicy(async <Result>(work: Work<Result>, scope: CallScope) => {
    if (teller.isWatched) teller.mayFallBack();
    try {
      return await work(scope);
    } catch (error) {
      if (scope.isAborted) throw scope.reason;
      if (handles?.(error) === false) throw error;
      const instead = await answer(error) as Result;
      if (teller.isWatched) teller.fellBack(error);
      return instead;
    }
  });
}
