/** Which policy refused. */
export type Refuser = "bulkhead" | "rate_limit" | "deadline" | "circuit";

/** A policy did not let a call through: the dependency was not called, so this says nothing about its health. */
export class PolicyRefusal extends Error {
  readonly refusedBy: Refuser;
  /** In how many milliseconds it may be tried again, where that is known. */
  readonly retryAfterMs: number | undefined;

  constructor(refusedBy: Refuser, message: string, options: { retryAfterMs?: number } = {}) {
    super(message);
    this.name = "PolicyRefusal";
    this.refusedBy = refusedBy;
    this.retryAfterMs = options.retryAfterMs;
  }
}
