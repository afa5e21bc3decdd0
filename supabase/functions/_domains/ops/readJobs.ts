import * as z from "zod";
import type { RequestContext } from "../../_shared/http/context.ts";
import { cursorField, readCursor, writeCursor } from "../../_shared/http/pageCursor.ts";
import { findJob } from "./jobs/findJob.ts";
import type { OpenJobPorts } from "./jobs/jobPorts.ts";
import { jobName, jobRun, jobStanding, shownJob, shownRun } from "./jobs/jobSchemas.ts";
import { nextCursor, pageLimit } from "./opsSchemas.ts";

/** The query of ops-jobs. */
export const ReadJobsInput = z.strictObject({
  /** Only this job, with its runs. @default all, without */
  name: jobName.optional(),
  /** Runs of a page. */
  limit: pageLimit(200).default(50),
  /** Where the page before has left off: its `next`. */
  after: cursorField,
}).superRefine(({ name, after }, issues) => {
  if (after !== undefined && name === undefined) {
    issues.addIssue({ code: "custom", path: ["after"], message: "Must come with the name of a job" });
  }
});

/** The answer of ops-jobs. */
export const ReadJobsOutput = z.object({ jobs: z.array(jobStanding), runs: z.array(jobRun), next: nextCursor });

const RunId = z.string().regex(/^\d{1,18}$/);

/** Shows the schedules and how their jobs do; one of them with its runs, the newest first. */
export function readJobs(open: OpenJobPorts) {
  return async (
    { name, limit, after }: z.output<typeof ReadJobsInput>,
    ctx: Pick<RequestContext, "admin">,
  ): Promise<z.input<typeof ReadJobsOutput>> => {
    const { register } = open(ctx);
    if (name === undefined) return { jobs: (await register.list()).map(shownJob), runs: [], next: null };
    const list = `runs:${name}`;
    const beforeId = after === undefined ? undefined : readCursor(list, RunId, after);
    const job = await findJob(register, "show", name);
    const read = await register.runs(name, { beforeId, limit: limit + 1 });
    const runs = read.slice(0, limit).map(shownRun);
    const last = runs.at(-1);
    const hasMore = read.length > limit && last !== undefined;
    return { jobs: [shownJob(job)], runs, next: hasMore ? writeCursor(list, last.id) : null };
  };
}
