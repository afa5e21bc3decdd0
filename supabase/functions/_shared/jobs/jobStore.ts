import type { SqlTag } from "../db/database.ts";

/** What proves that a runner holds a run. */
export interface JobLease {
  readonly runId: string;
  readonly token: string;
}

/** A run this runner holds, as it found it. */
export interface LeasedRun extends JobLease {
  readonly job: string;
  /** The moment the run stands for: of an earlier wake-up where that one was left unfinished. */
  readonly scheduledFor: Date;
  /** 1 the first time, one more for each runner that died or failed at it. */
  readonly attempt: number;
  /** The cursor of the last whole chunk; undefined at the start. */
  readonly progress: unknown;
  /** What the schedule says about this job. */
  readonly payload: Readonly<Record<string, unknown>>;
  readonly leaseMs: number;
}

/**
 * Why a wake-up runs nothing: `busy` (another runner holds the job), `done` (this time has succeeded), `exhausted` (no
 * attempt is left for this time), `disabled`, `unknown`.
 */
export type JobRefusal = "busy" | "done" | "exhausted" | "disabled" | "unknown";

/** The answer to a claim. */
export type JobClaim =
  | { readonly status: "claimed"; readonly run: LeasedRun }
  | { readonly status: "busy"; readonly leaseExpiresAt: Date }
  | { readonly status: Exclude<JobRefusal, "busy"> };

/** How a runner lets go of a run. */
export type JobRunEnd =
  | { readonly state: "succeeded"; readonly outcome: unknown }
  | { readonly state: "failed"; readonly errorCode: string }
  | { readonly state: "paused"; readonly progress: unknown };

/** How one job does. */
export interface JobHealth {
  readonly job: string;
  readonly isEnabled: boolean;
  readonly lastSucceededAt: Date | undefined;
  /** No success for longer than the schedule's `max_gap`: a run was missed. */
  readonly isOverdue: boolean;
  readonly isRunning: boolean;
  readonly failedCount: number;
  readonly abandonedCount: number;
}

/** Where runs are leased and recorded. At most one runner holds a job, on the store's clock. */
export interface JobStore {
  /** Takes the job's unfinished run, or the one of `scheduledFor` (now, where left out). */
  claim(request: { job: string; scheduledFor?: Date; runner?: string }): Promise<JobClaim>;
  /** Says "still here" and saves the cursor; false where the lease was lost. `sql` puts it into a transaction. */
  renew(lease: JobLease, options?: { progress?: unknown; sql?: SqlTag }): Promise<boolean>;
  /** Ends or hands over a run; false where the lease was lost. The same call twice is true twice. */
  finish(lease: JobLease, end: JobRunEnd): Promise<boolean>;
  /** How each scheduled job does. */
  health(): Promise<JobHealth[]>;
}
