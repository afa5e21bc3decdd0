import type { JobLease } from "./jobStore.ts";

/** The runner's lease is gone: another runner may hold the run by now, and what this one does no longer counts. */
export class LeaseLostError extends Error {
  readonly runId: string;

  constructor(lease: JobLease, options?: { cause?: unknown }) {
    super(`Cannot go on with run ${lease.runId} as its lease was lost`, options);
    this.name = "LeaseLostError";
    this.runId = lease.runId;
  }
}
