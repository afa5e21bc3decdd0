import { definePolicy, type KeyedPolicy } from "./definePolicy.ts";
import type { Policy, Work } from "./policy.ts";

/**
 * Nests policies, the first one outermost, in whatever order they are given: `pipeline` has one that was thought about.
 *
 * @example
 * ```ts
 * const both = nest([timeout({ timeoutMs: 500 }), bulkhead({ capacity: 2 })]);
 * ```
 */
export function nest(policies: readonly Policy[]): KeyedPolicy {
  const [outermost, ...further] = policies;
  if (outermost === undefined) return definePolicy((work, scope) => Promise.resolve(work(scope)));
  const inwards = further.reverse();
  return definePolicy((work, scope) => {
    let inner = work;
    for (const policy of inwards) inner = under(policy, inner);
    return outermost.execute(inner, scope);
  });
}

/** Work under a policy, which takes the call it is part of for its options. */
function under<Result>(policy: Policy, work: Work<Result>): Work<Result> {
  return (call) => policy.execute(work, call);
}
