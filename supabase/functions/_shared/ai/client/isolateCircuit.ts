import type { Circuit, Fallback } from "../../breaker/circuit.ts";
import { localBreaker, type LocalBreakerOptions } from "../../breaker/localBreaker.ts";
import type { ExecuteOptions, Work } from "../../policies/policy.ts";

/** A circuit of this isolate alone, over its breaker: it decides by what it has seen itself, and says so. */
export function isolateCircuit(name: string, options: LocalBreakerOptions = {}): Circuit {
  const breaker = localBreaker(options);
  let isOpen = false;

  async function call<Result>(work: Work<Result>, { signal = new AbortController().signal }: ExecuteOptions) {
    isOpen = !breaker.allows();
    if (isOpen) throw new Error(`Cannot call '${name}' as it has failed too often`);
    try {
      const result = await work({ signal });
      breaker.report(false);
      return result;
    } catch (error) {
      breaker.report(true);
      throw error;
    }
  }

  return {
    name,
    async execute<Result>(work: Work<Result>, fallback?: Fallback<Result>, options: ExecuteOptions = {}) {
      try {
        return await call(work, options);
      } catch (error) {
        if (fallback === undefined) throw error;
        return await fallback(error);
      }
    },
    state: () => ({ name: isOpen ? "open" : "closed", share: isOpen ? 0 : 1, decidedBy: "isolate" }),
  };
}
