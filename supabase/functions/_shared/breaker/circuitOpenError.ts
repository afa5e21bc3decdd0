import type { CircuitStanding } from "./circuit.ts";

/** The dependency was not called: its circuit is open, or lets only a share of calls through. */
export class CircuitOpenError extends Error {
  /** As opossum has it. */
  readonly code = "EOPENBREAKER";

  constructor(readonly circuit: string, readonly standing: CircuitStanding, options?: ErrorOptions) {
    const { name, retryAfterMs, reason } = standing;
    const later = retryAfterMs === undefined ? "" : `; try again in ${Math.ceil(retryAfterMs)} ms`;
    super(`Cannot call "${circuit}" as its circuit is ${name}: ${reason ?? "it has failed"}${later}`, options);
    this.name = "CircuitOpenError";
  }
}

/** A call that did not come back in time. The work was told by its signal. */
export class CallTimeoutError extends Error {
  /** As opossum has it. */
  readonly code = "ETIMEDOUT";

  constructor(readonly circuit: string, readonly timeoutMs: number) {
    super(`Cannot wait for "${circuit}" any longer as the call took more than ${timeoutMs} ms`);
    this.name = "CallTimeoutError";
  }
}

/** As many calls as may be are under way in this isolate. */
export class CircuitFullError extends Error {
  /** As opossum has it. */
  readonly code = "ESEMLOCKED";

  constructor(readonly circuit: string, readonly capacity: number) {
    super(`Cannot call "${circuit}" as ${capacity} calls of this isolate are under way`);
    this.name = "CircuitFullError";
  }
}

/** An answer that came, and says that the dependency is ill: what a fallback is told of it. */
export class DependencyFailedError extends Error {
  constructor(readonly circuit: string, readonly answer: unknown) {
    super(`Cannot use the answer of "${circuit}" as it says that it has failed`);
    this.name = "DependencyFailedError";
  }
}
