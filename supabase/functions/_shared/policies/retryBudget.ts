/**
 * How many calls may be made again. Retries help against an odd failure and make an outage worse, so they are paid for by
 * calls: see docs/decisions/policies.md.
 */
export interface RetryBudget {
  /** A call has been made for the first time. */
  earn(): void;
  /** A call has failed: may it be made again? Answers at once unless the fleet has to be asked. Never rejects. */
  spend(): boolean | Promise<boolean>;
}

/** What a fleet's reserve gave. */
export interface RetryLease {
  /** Retries given, from 0 up to what was asked for. */
  readonly granted: number;
}

/** What an isolate asks of the fleet's reserve. */
export interface RetryLeaseRequest {
  /** Which budget: one for each dependency. */
  readonly budget: string;
  /** Retries that the reserve holds at most. */
  readonly reserve: number;
  /** In what time an empty reserve fills up by itself. */
  readonly refillMs: number;
  /** What this isolate's failures have earned for the reserve since it last asked. */
  readonly earned: number;
  readonly wanted: number;
}

/** A reserve of retries that the whole fleet shares. */
export interface RetryBudgetStore {
  lease(request: RetryLeaseRequest): Promise<RetryLease>;
}
