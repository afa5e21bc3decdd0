import type { SqlTag } from "../db/database.ts";
import type { Deadline } from "../http/deadline.ts";
import { causeOf } from "../telemetry/causeOf.ts";
import { causedBy } from "../telemetry/causeScope.ts";
import { hubOf } from "../telemetry/kernelHub.ts";
import type { KernelObserver } from "../telemetry/kernelObserver.ts";
import type { Logger } from "../telemetry/logger.ts";
import { type Clock, systemClock } from "../time/clock.ts";
import { sleep } from "../time/sleep.ts";
import { errorCodeOf } from "./errorCodeOf.ts";
import type { JobClaim, JobRefusal, JobRunEnd, JobStore, LeasedRun } from "./jobStore.ts";
import { type LeaseHeartbeat, startLeaseHeartbeat } from "./leaseHeartbeat.ts";

/** One bounded piece of a job's work, as the work sees it. */
export interface JobChunk<Progress> {
  readonly job: string;
  readonly scheduledFor: Date;
  readonly attempt: number;
  readonly payload: Readonly<Record<string, unknown>>;
  /** The cursor of the chunk before; undefined at the start. */
  readonly progress: Progress | undefined;
  /** Work out what would be done, and change nothing. */
  readonly isDryRun: boolean;
  /** Aborts when the time is up or the lease is lost: stop writing then. */
  readonly signal: AbortSignal;
  readonly deadline: Deadline;
  /**
   * Saves the cursor in the transaction `sql` that makes the chunk's changes, so that both land or neither does; throws,
   * and so rolls back, where the lease was lost. Without it a chunk whose runner dies is done again.
   */
  saveProgress(sql: SqlTag, progress: Progress): Promise<void>;
}

/** What a chunk came to. */
export type ChunkResult<Progress, Outcome> =
  | { readonly isDone: false; readonly progress: Progress }
  | { readonly isDone: true; readonly outcome: Outcome };

/** A job's work, called chunk by chunk. A chunk must fit well within the lease and the CPU budget of a request. */
export type JobWork<Progress, Outcome> = (chunk: JobChunk<Progress>) => Promise<ChunkResult<Progress, Outcome>>;

/** How a wake-up ended. `lost` means that another runner took over: what this one did last was not recorded. */
export type JobResult<Progress, Outcome> =
  | { readonly status: "succeeded"; readonly run: LeasedRun; readonly outcome: Outcome }
  | { readonly status: "paused"; readonly run: LeasedRun; readonly progress: Progress | undefined }
  | { readonly status: "failed"; readonly run: LeasedRun; readonly errorCode: string; readonly error: unknown }
  | { readonly status: "lost"; readonly run: LeasedRun }
  | { readonly status: JobRefusal };

/** Options of {@link runLeasedJob}. */
export interface LeasedJobOptions<Progress, Outcome> {
  readonly store: JobStore;
  readonly job: string;
  /** The moment this wake-up stands for. @default now, on the store's clock */
  readonly scheduledFor?: Date;
  readonly work: JobWork<Progress, Outcome>;
  readonly deadline: Deadline;
  /** Reads a saved cursor, which may be an older version's; undefined starts over. @default taken as it is */
  readonly readProgress?: (saved: unknown) => Progress | undefined;
  /** Who runs, for the record. */
  readonly runner?: string;
  /** @default systemClock */
  readonly clock?: Clock;
  readonly log?: Logger;
  /** Is told of each run. @default the isolate's hub */
  readonly observer?: KernelObserver;
}

/**
 * Claims a run of the job and works on it chunk by chunk until it is done, the deadline says to yield, or the lease is
 * lost. An earlier run that was left unfinished goes first, and then this wake-up's own, as far as the time reaches.
 *
 * @example
 * ```ts
 * await runLeasedJob({ store, job: "ops-purge", deadline, work: async ({ progress = 0 }) => {
 *   const next = await purgeSome(progress);
 *   return next === undefined ? { isDone: true, outcome: { purged: progress } } : { isDone: false, progress: next };
 * } });
 * ```
 */
export async function runLeasedJob<Progress, Outcome>(
  options: LeasedJobOptions<Progress, Outcome>,
): Promise<JobResult<Progress, Outcome>> {
  return await runClaimedJob(options, await claimJob(options));
}

/** The first half of {@link runLeasedJob}: for those who answer before the work begins. */
export function claimJob(options: Pick<LeasedJobOptions<never, never>, "store" | "job" | "scheduledFor" | "runner">) {
  const { store, job, scheduledFor, runner } = options;
  return store.claim({
    job,
    ...(scheduledFor === undefined ? {} : { scheduledFor }),
    ...(runner === undefined ? {} : { runner }),
  });
}

/** The second half of {@link runLeasedJob}: works on what was claimed. */
export async function runClaimedJob<Progress, Outcome>(
  options: LeasedJobOptions<Progress, Outcome>,
  claim: JobClaim,
): Promise<JobResult<Progress, Outcome>> {
  let current = claim;
  let result: JobResult<Progress, Outcome> | undefined;
  while (current.status === "claimed") {
    result = await toldWork(options, current.run);
    const wasEarlier = current.run.scheduledFor.getTime() < (options.scheduledFor?.getTime() ?? 0);
    if (result.status !== "succeeded" || !wasEarlier || options.deadline.shouldYield()) return result;
    current = await claimJob(options);
  }
  // What was worked on tells more than that another wake-up had done the rest.
  return result ?? { status: current.status };
}

/** What a run does, it does on its own behalf: nobody waits for it. */
async function toldWork<Progress, Outcome>(
  options: LeasedJobOptions<Progress, Outcome>,
  run: LeasedRun,
): Promise<JobResult<Progress, Outcome>> {
  const { clock = systemClock } = options;
  const hub = hubOf(options.observer);
  return await causedBy({ requestId: run.runId, functionName: run.job, startedAtMs: clock.now() }, async () => {
    const startedAt = clock.monotonic();
    let result: JobResult<Progress, Outcome> | undefined;
    try {
      return result = await workOn(options, run);
    } finally {
      const hasFailed = result === undefined || result.status === "failed" || result.status === "lost";
      hub.called(`job.${run.job}`, clock.monotonic() - startedAt, hasFailed);
      if (result?.status === "failed" && hub.isWatched) {
        const cause = causeOf(result.error);
        hub.happened({ kind: "failure", subject: `job.${run.job}`, cause, detail: { attempt: run.attempt } });
      }
    }
  });
}

async function workOn<Progress, Outcome>(
  options: LeasedJobOptions<Progress, Outcome>,
  run: LeasedRun,
): Promise<JobResult<Progress, Outcome>> {
  const { store, clock = systemClock, log } = options;
  const heartbeat = startLeaseHeartbeat({ store, run, clock });
  const result = await workThrough(options, run, heartbeat).finally(() => heartbeat.stop());
  if (result.status === "failed") {
    log?.error("Job failed", { job: run.job, runId: run.runId, code: result.errorCode, error: String(result.error) });
  }
  const end = endOf(result);
  if (end !== undefined && await finish(store, run, end, clock)) return result;
  log?.warn("Job lost its lease", { job: run.job, runId: run.runId });
  return { status: "lost", run };
}

async function workThrough<Progress, Outcome>(
  options: LeasedJobOptions<Progress, Outcome>,
  run: LeasedRun,
  heartbeat: LeaseHeartbeat,
): Promise<JobResult<Progress, Outcome>> {
  const { work, deadline, readProgress = (saved) => saved as Progress | undefined } = options;
  const signal = AbortSignal.any([deadline.signal, heartbeat.signal]);
  const { job, scheduledFor, attempt, payload } = run;
  let progress = run.progress === undefined ? undefined : readProgress(run.progress);
  try {
    for (;;) {
      let saved: Progress | undefined;
      const saveProgress = async (sql: SqlTag, next: Progress) => {
        await heartbeat.renew({ progress: next, sql });
        saved = next;
      };
      const chunk = { job, scheduledFor, attempt, payload, progress, isDryRun: false, signal, deadline, saveProgress };
      const result = await work(chunk);
      if (result.isDone) return { status: "succeeded", run, outcome: result.outcome };
      progress = result.progress;
      if (deadline.shouldYield()) return { status: "paused", run, progress };
      // A cursor the chunk saved with its changes is not sent again.
      if (saved !== progress) await heartbeat.renew({ progress });
      heartbeat.signal.throwIfAborted();
    }
  } catch (error) {
    if (heartbeat.signal.aborted) return { status: "lost", run };
    // Cut off within a chunk: the next wake-up does that chunk again, from the cursor before it.
    if (deadline.signal.aborted) return { status: "paused", run, progress };
    return { status: "failed", run, errorCode: errorCodeOf(error), error };
  }
}

function endOf(result: JobResult<unknown, unknown>): JobRunEnd | undefined {
  switch (result.status) {
    case "succeeded":
      return { state: "succeeded", outcome: result.outcome };
    case "failed":
      return { state: "failed", errorCode: result.errorCode };
    case "paused":
      return { state: "paused", progress: result.progress };
    default:
      return undefined;
  }
}

/** Finishing twice is finishing once, so a lost connection is simply tried again: else the last chunk would be redone. */
async function finish(store: JobStore, run: LeasedRun, end: JobRunEnd, clock: Clock): Promise<boolean> {
  for (let attempt = 1;; attempt++) {
    try {
      return await store.finish(run, end);
    } catch (error) {
      if (attempt === 3) throw error;
      await sleep(attempt * 250, { clock });
    }
  }
}
