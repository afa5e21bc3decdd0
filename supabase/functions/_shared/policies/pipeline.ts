import type { KeyedPolicy } from "./definePolicy.ts";
import { nest } from "./nest.ts";
import type { Policy } from "./policy.ts";

/** The policies of a pipeline, each where it is wanted. */
export interface PipelineMembers {
  readonly fallback?: Policy | undefined;
  readonly deadline?: Policy | undefined;
  /** `cache` or `coalesce`. */
  readonly cache?: Policy | undefined;
  readonly retry?: Policy | undefined;
  readonly hedge?: Policy | undefined;
  readonly rateLimit?: Policy | undefined;
  readonly bulkhead?: Policy | undefined;
  /** `circuitPolicy(circuit)`. */
  readonly circuit?: Policy | undefined;
  readonly timeout?: Policy | undefined;
  readonly chaos?: Policy | undefined;
}

/** From the outermost to the innermost. Why each stands before the next: docs/decisions/policies.md. */
export const pipelineOrder = [
  "fallback",
  "deadline",
  "cache",
  "retry",
  "hedge",
  "rateLimit",
  "bulkhead",
  "circuit",
  "timeout",
  "chaos",
] as const satisfies readonly (keyof PipelineMembers)[];

/**
 * Composes policies in the one order that works, however they are listed.
 *
 * @example
 * ```ts
 * const catalog = pipeline({ timeout: timeout({ timeoutMs: 800 }), retry: retry(), fallback: fallback(() => null) });
 * const item = await catalog.execute(({ signal }) => fetch("https://example.com/7", { signal }));
 * ```
 */
export function pipeline(members: PipelineMembers): KeyedPolicy {
  for (const name of Object.keys(members)) {
    if (!(pipelineOrder as readonly string[]).includes(name)) {
      throw new TypeError(
        `Cannot make a pipeline as its members must be of ${pipelineOrder.join(", ")}: one of them is '${name}'`,
      );
    }
  }
  return nest(pipelineOrder.flatMap((name) => members[name] ?? []));
}
