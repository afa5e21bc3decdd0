import { causeOf } from "../telemetry/causeOf.ts";
import type { CauseRef } from "../telemetry/kernelEvent.ts";
import type { KernelHub } from "../telemetry/kernelHub.ts";
import { CircuitOpenError, DependencyFailedError } from "./circuitErrors.ts";
import type { CircuitKeeper } from "./circuitKeeper.ts";
import type { NextPhase } from "./circuitPhase.ts";

/** What a teller is made of. */
export interface CircuitTellerParts {
  readonly name: string;
  readonly hub: KernelHub;
  readonly isolate: () => string;
  /** Does this isolate fail on dependencies that have nothing to do with each other? @default it never doubts itself */
  readonly isDoubtful?: () => boolean;
}

/** What a call came to, as it is told. */
export interface ToldCall {
  readonly durationMs: number;
  readonly hasFailed: boolean;
  /** Was it our own time limit that ended it? */
  readonly isLate: boolean;
  /** The error or the answer. */
  readonly result: unknown;
}

/** Who keeps a phase, and its number. */
export type PhaseOf = Pick<CircuitKeeper, "scope" | "epoch">;

/** The phase that a call meets; without its kind it is one that the circuit opened in. */
export type PhaseMet = PhaseOf & Partial<Pick<CircuitKeeper, "phase">>;

/** Tells what one circuit does. Whoever calls it asks `isWatched` first. */
export class CircuitTeller {
  readonly hub: KernelHub;
  readonly #parts: CircuitTellerParts;
  readonly #operation: string;
  readonly #names: Readonly<Record<"calls" | "failures" | "timeouts" | "shed" | "fallbacks", string>>;
  #lastFailure: CauseRef | undefined;
  /** The phase that it opened in: those that follow until it closes are its consequences. */
  #opened: PhaseOf | undefined;

  constructor(parts: CircuitTellerParts) {
    this.#parts = parts;
    this.hub = parts.hub;
    const of = (counter: string) => `circuit.${parts.name}.${counter}`;
    this.#operation = `circuit.${parts.name}`;
    this.#names = {
      calls: of("calls"),
      failures: of("failures"),
      timeouts: of("timeouts"),
      shed: of("shed"),
      fallbacks: of("fallbacks"),
    };
  }

  get isWatched(): boolean {
    return this.hub.isWatched;
  }

  ended({ durationMs, hasFailed, isLate, result }: ToldCall): void {
    const { hub } = this;
    hub.called(this.#operation, durationMs, hasFailed);
    hub.counted(this.#names.calls);
    if (!hasFailed) return;
    hub.counted(this.#names.failures);
    if (isLate) hub.counted(this.#names.timeouts);
    this.#lastFailure = causeOf(result);
  }

  /**
   * A call was turned away; `by`: the phase of now, or what else kept it away, such as an operator's override. Returns
   * what it is to be blamed on.
   */
  shed(by: PhaseMet | "override" | "full"): CauseRef {
    const cause: CauseRef = typeof by === "string" ? `circuit:${this.#parts.name}:${by}` : this.#refOf(by);
    this.hub.counted(this.#names.shed);
    this.hub.happened({ kind: "shed", subject: this.#parts.name, cause });
    return cause;
  }

  /** A call has a fallback: how often one was needed is told beside how often it could have been. */
  mayFallBack(): void {
    this.hub.counted("policy.calls");
  }

  fellBack(error: unknown, keeper: PhaseMet): void {
    this.hub.counted("fallback.used");
    this.hub.counted(this.#names.fallbacks);
    const why = error instanceof DependencyFailedError ? error.answer : error;
    const cause = error instanceof CircuitOpenError ? error.ref ?? this.#refOf(keeper) : causeOf(why);
    this.hub.happened({ kind: "fallback", subject: this.#parts.name, cause });
  }

  /** This isolate has moved the circuit into another phase. */
  moved(keeper: PhaseOf, next: NextPhase, reason: string): void {
    if (next.kind === "closed") return this.#tellRecovery(keeper, reason);
    // A probe whose caller has gone leaves it as open as it was.
    if (next.kind !== "open" || next.lastsMs === 0) return;
    this.#opened = { scope: keeper.scope, epoch: keeper.epoch };
    if (!this.isWatched) return;
    const { name, isolate, isDoubtful } = this.#parts;
    const isAlone = keeper.scope === "isolate" && isDoubtful?.() === true;
    const cause = isAlone ? `isolate:${isolate()}` as const : this.#lastFailure;
    this.hub.counted(`circuit.${name}.trips`);
    this.hub.happened({
      kind: "trip",
      subject: name,
      ref: this.#nameOf(keeper),
      ...cause === undefined ? {} : { cause },
      detail: {
        scope: keeper.scope,
        reason: reason.slice(0, 200),
        lastsMs: Math.round(next.lastsMs),
        ...isAlone ? { isDoubtful: true } : {},
      },
    });
  }

  #tellRecovery(keeper: PhaseOf, reason: string): void {
    const opened = this.#opened;
    this.#opened = this.#lastFailure = undefined;
    if (!this.isWatched) return;
    this.hub.happened({
      kind: "recovery",
      subject: this.#parts.name,
      ...opened === undefined ? {} : { cause: this.#nameOf(opened) },
      detail: { scope: keeper.scope, reason: reason.slice(0, 200) },
    });
  }

  /** What a call is to blame that meets this phase: the opening that led to it, as far as this isolate has seen it. */
  #refOf({ scope, epoch, phase }: PhaseMet): CauseRef {
    if (phase === undefined || phase.kind === "open") this.#opened = { scope, epoch };
    return this.#nameOf(this.#opened?.scope === scope ? this.#opened : { scope, epoch });
  }

  /** The fleet counts its phases; those of an isolate are its own, and named after it. */
  #nameOf({ scope, epoch }: PhaseOf): CauseRef {
    const { name, isolate } = this.#parts;
    return scope === "fleet" ? `circuit:${name}:${epoch}` : `circuit:${name}:${epoch}@${isolate()}`;
  }
}
