import { PolicyRefusal } from "../policies/policyRefusal.ts";
import type { CauseRef } from "../telemetry/kernelEvent.ts";
import { TimeLimitError } from "../time/timeLimit.ts";
import type { CircuitStanding } from "./circuit.ts";

/** The dependency was not called: its circuit is open, or lets only a share of calls through. */
export class CircuitOpenError extends PolicyRefusal {
  /** As opossum has it. */
  readonly code = "EOPENBREAKER";

  /** `ref`: the opening that keeps calls away, as those who look on were told; undefined where nobody does. */
  constructor(readonly circuit: string, readonly standing: CircuitStanding, readonly ref?: CauseRef) {
    const { name, retryAfterMs, reason = "it has failed" } = standing;
    const later = retryAfterMs === undefined ? "" : `; try again in ${Math.ceil(retryAfterMs)} ms`;
    const message = `Cannot call "${circuit}" as its circuit is ${name}: ${reason}${later}`;
    super("circuit", message, retryAfterMs === undefined ? {} : { retryAfterMs });
    this.name = "CircuitOpenError";
  }
}

/** A call that did not come back in time. The work was told by its signal. */
export class CallTimeoutError extends TimeLimitError {
  /** As opossum has it. */
  readonly code = "ETIMEDOUT";

  constructor(readonly circuit: string, timeoutMs: number) {
    super(timeoutMs);
    this.message = `Cannot wait for "${circuit}" any longer as the call took more than ${timeoutMs} ms`;
    this.name = "CallTimeoutError";
  }
}

/** As many calls as may be are under way in this isolate. */
export class CircuitFullError extends PolicyRefusal {
  /** As opossum has it. */
  readonly code = "ESEMLOCKED";

  constructor(readonly circuit: string, readonly capacity: number) {
    super("circuit", `Cannot call "${circuit}" as ${capacity} calls of this isolate are under way`);
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
