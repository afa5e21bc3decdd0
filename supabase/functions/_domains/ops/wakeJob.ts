import * as z from "zod";
import { AppError } from "../../_shared/errors/appError.ts";
import type { RequestContext } from "../../_shared/http/context.ts";
import { callerName } from "./callerName.ts";
import { findJob } from "./jobs/findJob.ts";
import type { OpenJobPorts } from "./jobs/jobPorts.ts";
import { jobName } from "./jobs/jobSchemas.ts";

/** Which job to wake. */
export const WakeJobInput = z.strictObject({
  name: jobName,
  /** Work out what would be done, and do nothing. */
  dryRun: z.boolean().default(false),
});

const status = z.enum(["started", "busy", "done", "exhausted", "disabled", "rehearsed"]);

/** What the job's function answered; the work goes on behind it. */
export const WakeJobOutput = z.object({
  job: z.string(),
  status,
  run: z.object({ id: z.string(), attempt: z.number(), isResumed: z.boolean() }).nullable(),
  /** What a dry run would have come to. */
  outcome: z.unknown(),
});

const Answer = z.object({
  status,
  run: z.object({ id: z.string(), attempt: z.number(), isResumed: z.boolean() }).optional(),
  outcome: z.unknown().optional(),
});

/** Wakes a job as its scheduler would: a claim decides whether it works, and its function says so. */
export function wakeJob(open: OpenJobPorts) {
  return async (
    { name, dryRun }: z.output<typeof WakeJobInput>,
    ctx: Pick<RequestContext, "admin" | "caller" | "clock" | "log" | "signal">,
  ): Promise<z.input<typeof WakeJobOutput>> => {
    const { register, wake } = open(ctx);
    const { functionName } = await findJob(register, "wake", name);
    const by = callerName(ctx.caller);
    const scheduledFor = new Date(ctx.clock.now());
    const { httpStatus, body } = await wake({
      functionName,
      job: name,
      scheduledFor,
      isDryRun: dryRun,
      signal: ctx.signal,
    })
      .catch((cause) => {
        ctx.signal.throwIfAborted();
        throw new AppError("overloaded", `Cannot wake the job as its function '${functionName}' cannot be reached`, {
          details: { retryAfterMs: 5_000 },
          cause,
        });
      });
    ctx.log.info("A job was woken", { by, job: name, httpStatus, isDryRun: dryRun });
    const answer = Answer.safeParse(body);
    if (answer.success) {
      const { status, run = null, outcome = null } = answer.data;
      return { job: name, status, run, outcome };
    }
    const said = `Cannot wake the job as its function '${functionName}' answered with ${httpStatus}`;
    if (httpStatus === 404) throw new AppError("not_found", said);
    throw new AppError("overloaded", said, { details: { retryAfterMs: 5_000 } });
  };
}
