import type { Circuit } from "../breaker/circuit.ts";
import { CallScope } from "./callScope.ts";
import { definePolicy } from "./definePolicy.ts";
import type { Call, Policy, Work } from "./policy.ts";

/**
 * What a circuit's call is to the policies inside it: aborts from further out come by the scope, those of the circuit
 * itself by its call's signal, which is not read before the work reads one.
 */
class CircuitScope extends CallScope {
  readonly #call: Call;
  #signal: AbortSignal | undefined;

  constructor(outer: CallScope, call: Call) {
    super(outer, undefined, true);
    this.#call = call;
  }

  protected override linkSignal(): void {
    super.linkSignal();
    if (this.#signal !== undefined) return;
    this.#signal = this.#call.signal;
    if (this.#signal.aborted) this.abort(this.#signal.reason);
    else this.#signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  override end(): void {
    this.#signal?.removeEventListener("abort", this.#onAbort);
    super.end();
  }

  readonly #onAbort = () => this.abort(this.#signal?.reason);
}

/**
 * A circuit as a policy. The fallback is a policy of its own: it stands further out, and answers for all of them.
 *
 * @example
 * ```ts
 * const guarded = pipeline({ retry: retry(), circuit: circuitPolicy(circuit), timeout: timeout() });
 * ```
 */
export function circuitPolicy(circuit: Pick<Circuit, "execute">): Policy {
  return definePolicy((work, outer) =>
    circuit.execute((call) => call instanceof CallScope ? work(call) : relay(work, outer, call), undefined, outer)
  );
}

async function relay<Result>(work: Work<Result>, outer: CallScope, call: Call): Promise<Result> {
  const scope = new CircuitScope(outer, call);
  try {
    return await work(scope);
  } finally {
    scope.end();
  }
}
