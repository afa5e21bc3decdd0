import { CircuitOpenError } from "../breaker/circuitErrors.ts";
import { causeOf } from "../telemetry/causeOf.ts";
import type { CauseRef } from "../telemetry/kernelEvent.ts";
import { hubOf, type KernelHub } from "../telemetry/kernelHub.ts";
import type { KernelObserver } from "../telemetry/kernelObserver.ts";
import { PolicyRefusal } from "./policyRefusal.ts";

/** Who is told of a policy, and as what. Every policy takes these options. */
export interface ToldOptions {
  /** What its calls are for, such as the dependency's name: it is told as `<kind>.<name>`. @default the kind alone */
  readonly name?: string;
  /** Is told what the policy does. @default the isolate's hub */
  readonly observer?: KernelObserver;
}

/** Tells what one policy does. Whoever calls it asks `isWatched` first. */
export class PolicyTeller {
  readonly hub: KernelHub;
  readonly subject: string;

  constructor(kind: string, { name, observer }: ToldOptions) {
    this.hub = hubOf(observer);
    this.subject = name === undefined ? kind : `${kind}.${name}`.slice(0, 200);
  }

  get isWatched(): boolean {
    return this.hub.isWatched;
  }

  /** A call was turned away, or its time was up. */
  shed(detail?: Readonly<Record<string, string | number | boolean>>): void {
    this.hub.counted("policy.shed");
    this.hub.happened({ kind: "shed", subject: this.subject, ...detail === undefined ? {} : { detail } });
  }

  retried(error: unknown, attempt: number, waitMs: number): void {
    this.hub.counted("policy.retried");
    const detail = { attempt, waitMs };
    this.hub.happened({ kind: "retry", subject: this.subject, cause: causeOfCall(error), costMs: waitMs, detail });
  }

  hedged(): void {
    this.hub.counted("policy.hedged");
  }

  /** A call has a fallback: how often one was needed is told beside how often it could have been. */
  mayFallBack(): void {
    this.hub.counted("policy.calls");
  }

  fellBack(error: unknown): void {
    this.hub.counted("fallback.used");
    this.hub.happened({ kind: "fallback", subject: this.subject, cause: causeOfCall(error) });
  }
}

/** A policy further in says by its refusal which of them it was, and a circuit why it is open. */
function causeOfCall(error: unknown): CauseRef {
  if (error instanceof CircuitOpenError && error.ref !== undefined) return error.ref;
  return error instanceof PolicyRefusal ? `error:${error.refusedBy}` : causeOf(error);
}
