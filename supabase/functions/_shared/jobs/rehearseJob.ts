import type { SqlTag } from "../db/database.ts";
import type { Deadline } from "../http/deadline.ts";
import type { Clock } from "../time/clock.ts";
import type { JobWork } from "./runLeasedJob.ts";

/** What a rehearsal came to: the outcome, or how far it got in its time. */
export type Rehearsal =
  | { readonly isComplete: true; readonly outcome: unknown }
  | { readonly isComplete: false; readonly progress: unknown };

/** Goes through a job's work with `isDryRun` set: nothing is claimed, and no cursor is saved. */
export async function rehearseJob<Progress, Outcome>(
  { sql, job, work, deadline, clock }: {
    sql: SqlTag;
    job: string;
    work: JobWork<Progress, Outcome>;
    deadline: Deadline;
    clock: Clock;
  },
): Promise<Rehearsal> {
  const [schedule] = await sql<{ payload: Record<string, unknown> }>`
    select payload from resilience.job_schedules where name = ${job}`;
  let progress: Progress | undefined;
  do {
    const result = await work({
      job,
      scheduledFor: new Date(clock.now()),
      attempt: 1,
      payload: schedule?.payload ?? {},
      progress,
      isDryRun: true,
      signal: deadline.signal,
      deadline,
      saveProgress: () => Promise.resolve(),
    });
    if (result.isDone) return { isComplete: true, outcome: result.outcome };
    progress = result.progress;
  } while (!deadline.shouldYield());
  return { isComplete: false, progress };
}
