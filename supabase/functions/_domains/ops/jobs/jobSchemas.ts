import * as z from "zod";
import type { JobRunRecord, JobStanding } from "../../../_shared/jobs/jobRegister.ts";
import { isoOf } from "../opsSchemas.ts";

/** A job's name, as its schedule has it. */
export const jobName = z.string().regex(/^[a-z][a-z0-9-]{0,47}$/, "Must be the name of a schedule, such as ops-purge");

const runState = z.enum(["running", "paused", "succeeded", "failed", "abandoned"]);

/** A schedule, and how its job does. */
export const jobStanding = z.object({
  name: z.string(),
  cron: z.string(),
  functionName: z.string(),
  payload: z.record(z.string(), z.unknown()),
  isEnabled: z.boolean(),
  leaseSeconds: z.number(),
  maxAttempts: z.number(),
  maxGapSeconds: z.number(),
  updatedAt: z.iso.datetime(),
  lastSucceededAt: z.iso.datetime().nullable(),
  lastState: runState.nullable(),
  lastErrorCode: z.string().nullable(),
  /** No success for longer than `maxGapSeconds`: a run was missed. */
  isOverdue: z.boolean(),
  isRunning: z.boolean(),
  leaseExpiresAt: z.iso.datetime().nullable(),
  failedCount: z.number(),
  abandonedCount: z.number(),
});

/** One attempt of a run. */
export const jobRun = z.object({
  id: z.string(),
  scheduledFor: z.iso.datetime(),
  attempt: z.number(),
  state: runState,
  /** The isolate that works or worked. */
  runner: z.string().nullable(),
  /** The cursor of its last whole chunk. */
  progress: z.unknown(),
  outcome: z.unknown(),
  errorCode: z.string().nullable(),
  startedAt: z.iso.datetime(),
  heartbeatAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
});

/** A schedule, for an answer. */
export function shownJob(job: JobStanding): z.input<typeof jobStanding> {
  const { updatedAt, lastSucceededAt, leaseExpiresAt, payload, ...others } = job;
  return {
    ...others,
    payload: { ...payload },
    updatedAt: updatedAt.toISOString(),
    lastSucceededAt: isoOf(lastSucceededAt),
    leaseExpiresAt: isoOf(leaseExpiresAt),
  };
}

/** A run, for an answer. */
export function shownRun(run: JobRunRecord): z.input<typeof jobRun> {
  const { scheduledFor, startedAt, heartbeatAt, finishedAt, ...others } = run;
  return {
    ...others,
    scheduledFor: scheduledFor.toISOString(),
    startedAt: startedAt.toISOString(),
    heartbeatAt: heartbeatAt.toISOString(),
    finishedAt: isoOf(finishedAt),
  };
}
