import type { Database, SqlTag } from "../../_shared/db/database.ts";
import type { ChunkResult, JobChunk } from "../../_shared/jobs/runLeasedJob.ts";
import { closeWindow, type LearningProgress, openWindow, windowStartOf } from "./learningWindow.ts";

/** What one chunk of a step did. */
export interface StepResult {
  /** Where the step goes on; undefined: it is over. */
  readonly cursor?: string | number | undefined;
  /** What was done: rows, mostly. */
  readonly count: number;
  /** For steps after this one. */
  readonly notes?: Readonly<Record<string, unknown>>;
}

/** One step of batch learning: chunks in transactions, each a second or two at most. */
export interface LearningStep<Settings> {
  readonly name: string;
  run(sql: SqlTag, progress: LearningProgress, settings: Settings): Promise<StepResult>;
}

/** What a run came to: rows made by step; or that the window was done before. */
export type LearningOutcome =
  | { readonly isDoneBefore: true }
  | { readonly windowStart: string; readonly counts: Readonly<Record<string, number>> }
  | { readonly windowStart: string; readonly arrived: number };

/** A job of batch learning: a window's steps, one after another. */
export interface LearningJob<Settings> {
  readonly name: string;
  readonly unit: "hour" | "day";
  readonly steps: readonly LearningStep<Settings>[];
}

/**
 * Does one chunk of a window together with its cursor, so that a runner that dies repeats nothing and doubles nothing; the
 * last chunk closes the window. A rehearsal counts what has arrived.
 */
export async function runLearningSteps<Settings extends { readonly lagSeconds: number }>(
  job: LearningJob<Settings>,
  chunk: JobChunk<LearningProgress>,
  admin: Database,
  settings: Settings,
): Promise<ChunkResult<LearningProgress, LearningOutcome>> {
  const windowStart = windowStartOf(chunk.scheduledFor, job.unit);
  const { lagSeconds } = settings;
  if (chunk.progress === undefined) {
    const span = await openWindow(admin.sql, { job: job.name, windowStart, lagSeconds });
    if (span === undefined) return { isDone: true, outcome: { isDoneBefore: true } };
    if (chunk.isDryRun) {
      return { isDone: true, outcome: { windowStart, arrived: await countArrived(admin.sql, span) } };
    }
    const step = job.steps[0]!.name;
    return { isDone: false, progress: { windowStart, ...span, step, cursor: null, counts: {}, notes: {} } };
  }
  const { progress } = chunk;
  const place = job.steps.findIndex(({ name }) => name === progress.step);
  const step = job.steps[place];
  if (step === undefined) throw new Error(`Cannot go on learning as there is no step '${progress.step}'`);
  return await admin.transaction(async (sql) => {
    const { cursor, count, notes } = await step.run(sql, progress, settings);
    const next: LearningProgress = {
      ...progress,
      cursor: cursor ?? null,
      step: cursor === undefined ? job.steps[place + 1]?.name ?? step.name : step.name,
      counts: { ...progress.counts, [step.name]: (progress.counts[step.name] ?? 0) + count },
      notes: { ...progress.notes, ...notes },
    };
    const isOver = cursor === undefined && place + 1 === job.steps.length;
    if (isOver) await closeWindow(sql, job.name, next);
    await chunk.saveProgress(sql, next);
    return isOver
      ? { isDone: true, outcome: { windowStart: next.windowStart, counts: next.counts } }
      : { isDone: false, progress: next };
  });
}

async function countArrived(sql: SqlTag, { from, until }: { from: string; until: string }): Promise<number> {
  const [row] = await sql<{ count: string }>`
    select count(*) as count from personalization.interactions i
    where i.received_at > ${from}::text::timestamptz and i.received_at <= ${until}::text::timestamptz`;
  return Number(row?.count ?? 0);
}
