import * as z from "zod";
import { adminDatabase } from "../db/adminDatabase.ts";
import type { Database } from "../db/database.ts";
import { sqlClient } from "../db/sqlClient.ts";
import { AppError } from "../errors/appError.ts";
import type { RequestContext } from "../http/context.ts";
import type { EdgeFunction } from "../http/contract.ts";
import type { DefineFunction } from "../http/functionFactory.ts";
import { denoPlatform } from "../platform/denoPlatform.ts";
import { currentIsolate } from "../platform/isolate.ts";
import type { Platform } from "../platform/platform.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Clock } from "../time/clock.ts";
import { JobDeadline } from "./jobDeadline.ts";
import { postgresJobStore } from "./postgresJobStore.ts";
import { rehearseJob } from "./rehearseJob.ts";
import { claimJob, type JobChunk, type JobWork, runClaimedJob } from "./runLeasedJob.ts";

/** What a job's work gets besides its chunk. */
export interface JobContext {
  /** The database with all rights. */
  readonly admin: Database;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A scheduled job: a name, a sentence, and work in chunks. */
export interface JobDefinition<Progress, Outcome> {
  /** The function's folder. */
  readonly name: string;
  /** One sentence, without a full stop. */
  readonly summary: string;
  /** The schedules that may wake this function. @default the function's name alone */
  readonly jobs?: readonly [string, ...string[]];
  readonly work: (
    chunk: JobChunk<Progress>,
    context: JobContext,
  ) => ReturnType<JobWork<Progress, Outcome>>;
  /** Reads a saved cursor, which may be an older version's; undefined starts over. @default taken as it is */
  readonly readProgress?: (saved: unknown) => Progress | undefined;
  /** How long a wake-up may work before it hands over. @default 60_000 */
  readonly budgetMs?: number;
  /**
   * How much CPU a wake-up may use. Where the runtime does not tell, every moment counts as computing: raise it for work
   * that mostly waits. @default 1_500
   */
  readonly cpuBudgetMs?: number;
}

/** Makes an {@link EdgeFunction} of a job. */
export type DefineJob = <Progress, Outcome>(definition: JobDefinition<Progress, Outcome>) => EdgeFunction;

const answer = z.object({
  job: z.string(),
  /** `started`: a run is claimed and works on. The others say why none is. */
  status: z.enum(["started", "busy", "done", "exhausted", "disabled", "rehearsed"]),
  run: z.object({
    id: z.string(),
    scheduledFor: z.iso.datetime(),
    attempt: z.int(),
    isResumed: z.boolean(),
  }).optional(),
  /** What a dry run would have come to. */
  outcome: z.unknown().optional(),
});

/** Makes `defineJob` over a given `defineFunction`. */
export function createJobFactory(
  defineFunction: DefineFunction,
  options: {
    /** Not the request's: the work outlives it. @default the isolate's connections, with all rights */
    admin?: () => Database;
    /** @default denoPlatform */
    platform?: Pick<Platform, "cpuTimeMs" | "onRetire">;
  } = {},
): DefineJob {
  const { admin: openAdmin = () => adminDatabase(sqlClient()), platform = denoPlatform } = options;
  let retirement: AbortController | undefined;
  const retiring = () => {
    if (retirement === undefined) {
      const controller = retirement = new AbortController();
      platform.onRetire(() => controller.abort());
    }
    return retirement.signal;
  };
  return (definition) => {
    const { name, summary, jobs = [name], work, readProgress, budgetMs = 60_000, cpuBudgetMs = 1_500 } = definition;
    const input = z.strictObject({
      job: z.enum(jobs).default(jobs[0] ?? name),
      scheduledFor: z.iso.datetime({ offset: true }).optional(),
      dryRun: z.boolean().default(false),
    });
    const wake = async ({ job, scheduledFor, dryRun }: z.output<typeof input>, ctx: RequestContext) => {
      const { clock, log, deadline } = ctx;
      const admin = openAdmin();
      const workOn = (chunk: Parameters<typeof work>[0]) => work(chunk, { admin, clock, log });
      if (dryRun) {
        const outcome = await rehearseJob({ sql: admin.sql, job, work: workOn, deadline, clock });
        return { job, status: "rehearsed" as const, outcome };
      }
      const leased = {
        store: postgresJobStore(admin.sql),
        job,
        work: workOn,
        clock,
        log,
        runner: currentIsolate().id,
        ...(readProgress === undefined ? {} : { readProgress }),
        ...(scheduledFor === undefined ? {} : { scheduledFor: new Date(scheduledFor) }),
      };
      const claim = await claimJob(leased);
      if (claim.status === "unknown") {
        throw new AppError("not_found", `Cannot run the job as there is no schedule named '${job}'`);
      }
      if (claim.status !== "claimed") return { job, status: claim.status };
      const jobDeadline = new JobDeadline({ budgetMs, cpuBudgetMs, clock, platform, retiring: retiring() });
      ctx.waitUntil(
        runClaimedJob({ ...leased, deadline: jobDeadline }, claim).then((result) => {
          log.info("Job ended", { job, status: result.status });
        }).finally(() => jobDeadline.end()),
      );
      const { runId, attempt, progress } = claim.run;
      const run = {
        id: runId,
        scheduledFor: claim.run.scheduledFor.toISOString(),
        attempt,
        isResumed: progress !== undefined,
      };
      return { job, status: "started" as const, run };
    };
    return defineFunction({
      name,
      summary,
      auth: ["secret"],
      methods: { POST: { summary, input, output: answer, status: 202, handler: wake } },
    });
  };
}
