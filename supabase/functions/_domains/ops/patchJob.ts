import * as z from "zod";
import { AppError } from "../../_shared/errors/appError.ts";
import type { RequestContext } from "../../_shared/http/context.ts";
import { callerName } from "./callerName.ts";
import { reason } from "./flags/flagSchemas.ts";
import { findJob } from "./jobs/findJob.ts";
import type { OpenJobPorts } from "./jobs/jobPorts.ts";
import { jobName, jobStanding, shownJob } from "./jobs/jobSchemas.ts";

/** What a payload may take as JSON: it is read with every claim. */
const longestPayload = 8_000;

/** A change of a schedule. */
export const PatchJobInput = z.strictObject({
  name: jobName,
  /** Off at once: a job that is switched off is neither woken nor claimed; what runs ends its run. */
  isEnabled: z.boolean().optional(),
  /** Five numeric fields in UTC. */
  cron: z.string().min(9).max(200).optional(),
  /** What the work finds in its payload, as a whole. */
  payload: z.record(z.string().max(200), z.unknown()).optional(),
  reason: reason.optional(),
}).superRefine(({ isEnabled, cron, payload }, issues) => {
  const fail = (path: string[], message: string) => issues.addIssue({ code: "custom", path, message });
  if (isEnabled === undefined && cron === undefined && payload === undefined) {
    fail([], "Must change something: isEnabled, cron or payload");
  }
  const text = payload === undefined ? "" : JSON.stringify(payload);
  if (text.length > longestPayload) fail(["payload"], `Must take at most ${longestPayload} characters as JSON`);
  if (text.includes("\\u0000")) fail(["payload"], "Must not contain the character NUL, which the database cannot keep");
});

/** The schedule as it is now. */
export const PatchJobOutput = z.object({ job: jobStanding });

/** Switches a job on or off, or changes when it runs and with what. */
export function patchJob(open: OpenJobPorts) {
  return async (
    { name, reason, ...change }: z.output<typeof PatchJobInput>,
    ctx: Pick<RequestContext, "admin" | "caller" | "log">,
  ): Promise<z.input<typeof PatchJobOutput>> => {
    const { register } = open(ctx);
    const { cron, isEnabled } = change;
    if (cron !== undefined && !await register.isCron(cron)) {
      const message = "Must be five numeric fields in UTC, with one of the two day fields '*', such as */5 * * * *";
      throw new AppError("invalid_input", "Cannot change the job as 'cron' is no expression that schedulers agree on", {
        details: { issues: [{ path: "cron", code: "custom", message }] },
      });
    }
    await register.change(name, change);
    const job = await findJob(register, "change", name);
    const hasPayload = change.payload !== undefined;
    ctx.log.info("A schedule was changed", {
      by: callerName(ctx.caller),
      job: name,
      cron,
      isEnabled,
      hasPayload,
      reason,
    });
    return { job: shownJob(job) };
  };
}
