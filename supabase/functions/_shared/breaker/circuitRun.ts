import { type Abortable, CallScope } from "../policies/callScope.ts";
import type { Call, Work } from "../policies/policy.ts";
import type { CoarseWait } from "../time/coarseTimer.ts";
import type { Fallback } from "./circuit.ts";
import type { EngineOutcome, EngineRun } from "./circuitEngine.ts";
import type { CircuitKeeper } from "./circuitKeeper.ts";
import { DependencyFailedError } from "./circuitErrors.ts";
import type { Outcome } from "./circuitOptions.ts";
import { tripsOf } from "./circuitPhase.ts";

/** On whose word a call was let through, and when: what comes of it says something of that phase alone. */
export interface Permit {
  readonly scope: "isolate" | "fleet" | "operator";
  readonly kind: "closed" | "probing" | "ramping";
  readonly epoch: number;
  readonly trips: number;
}

/** For calls that an operator has let through, whatever the fleet holds of it. */
export const operatorsPermit: Permit = { scope: "operator", kind: "closed", epoch: 0, trips: 0 };

/** The permit of the phase of now. */
export function permitOf({ scope, epoch, phase }: CircuitKeeper, kind: Permit["kind"]): Permit {
  return { scope, kind, epoch, trips: tripsOf(phase) };
}

/** The circuit, as its calls know it. */
export interface RunOwner {
  readonly name: string;
  /** Hears what came of a call, tells the engine, and says whether the dependency has failed. */
  settle(run: CircuitRun, outcome: Outcome): boolean;
  /** Ends the run when its time is up. */
  limit(run: CircuitRun): CoarseWait | undefined;
  fellBack(error: unknown): void;
}

/** What the work is handed: a signal that is made when it is asked for. */
class LazyCall implements Call {
  #controller: AbortController | undefined;
  #reason: { readonly value: unknown } | undefined;

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#reason !== undefined) this.#controller.abort(this.#reason.value);
    return this.#controller.signal;
  }

  abort(value: unknown): void {
    this.#reason = { value };
    this.#controller?.abort(value);
  }

  end(): void {}
}

const ignore = () => {};

/**
 * One call of the dependency. opossum takes it for the promise of its action: it is told of the end directly, and none of
 * the three promises has to be made that it would chain to a real one.
 */
export class CircuitRun implements EngineRun, EngineOutcome, Abortable {
  permit!: Permit;
  /** By the circuit's clock. */
  startedAtMs = 0;
  /** Its caller has gone, so that nothing else that comes of it matters. */
  isAbandoned = false;
  #isOver = false;
  #onAbort: (() => void) | undefined;
  #call: LazyCall | CallScope | undefined;
  #wait: CoarseWait | undefined;
  #early: Outcome | undefined;
  #tellSuccess: (value: unknown) => void = ignore;
  #tellFailure: (error: unknown) => void = ignore;
  #hasFailed = false;
  #fired: Promise<unknown> | undefined;

  constructor(
    readonly owner: RunOwner,
    readonly work: Work<unknown>,
    readonly fallback: Fallback<unknown> | undefined,
    /** Whose abort ends it: that of a policy further out, or of a caller. */
    readonly outer: CallScope | AbortSignal | undefined,
    readonly resolve: (value: unknown) => void,
    readonly reject: (error: unknown) => void,
  ) {
    if (outer === undefined) return;
    if (outer instanceof CallScope) {
      if (outer.canAbort) outer.attach(this);
    } else {
      this.#onAbort = () => this.abort(outer.reason);
      outer.addEventListener("abort", this.#onAbort, { once: true });
    }
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** The engine's promise rejects where the call fails; nobody else listens to it. */
  follow(fired: Promise<unknown>): void {
    this.#fired = fired;
    if (this.#hasFailed) fired.catch(ignore);
  }

  begin(): EngineOutcome {
    this.#call = this.outer instanceof CallScope ? new CallScope(this.outer, undefined, true) : new LazyCall();
    this.#wait = this.owner.limit(this);
    try {
      const result = this.work(this.#call);
      if (isThenable(result)) result.then((value) => this.#settle({ value }), (error) => this.#settle({ error }));
      else this.#early = { value: result };
    } catch (error) {
      this.#early = { error };
    }
    return this;
  }

  then(onSuccess: (value: unknown) => void): this {
    this.#tellSuccess = onSuccess;
    return this;
  }

  catch(onFailure: (error: unknown) => void): void {
    this.#tellFailure = onFailure;
    if (this.#early !== undefined) this.#settle(this.#early);
  }

  /** Its caller has gone. */
  abort(reason: unknown): void {
    if (this.#isOver) return;
    this.isAbandoned = true;
    if (this.#call === undefined) this.refuse(reason); // It waits for the store.
    else this.end(reason);
  }

  /** Ends it before its dependency has answered. */
  end(error: unknown): void {
    this.#call?.abort(error);
    this.#settle({ error });
  }

  /** The circuit does not let it through. */
  refuse(error: unknown): void {
    if (this.#isOver) return;
    this.#leave();
    this.#answer({ error }, true);
  }

  /** Tells the engine whether the dependency is ill. */
  tellEngine(result: unknown, hasFailed: boolean): void {
    if (!hasFailed) return this.#tellSuccess(result);
    this.#hasFailed = true;
    this.#fired?.catch(ignore);
    this.#tellFailure(result);
  }

  #settle(outcome: Outcome): void {
    if (this.#isOver) return;
    this.#leave();
    this.#answer(outcome, this.owner.settle(this, outcome));
  }

  #answer(outcome: Outcome, hasFailed: boolean): void {
    const isError = "error" in outcome;
    if (!isError && !(hasFailed && this.fallback !== undefined)) return this.resolve(outcome.value);
    const error = isError ? outcome.error : new DependencyFailedError(this.owner.name, outcome.value);
    if (this.fallback === undefined || this.isAbandoned) return this.reject(error);
    try {
      this.resolve(this.fallback(error));
      this.owner.fellBack(error);
    } catch (thrown) {
      this.reject(thrown);
    }
  }

  #leave(): void {
    this.#isOver = true;
    this.#wait?.cancel();
    this.#call?.end();
    const { outer } = this;
    if (outer instanceof CallScope) outer.detach(this);
    else if (this.#onAbort !== undefined) outer?.removeEventListener("abort", this.#onAbort);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | undefined | null)?.then === "function";
}
