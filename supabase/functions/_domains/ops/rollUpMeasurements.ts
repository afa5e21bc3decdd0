import * as z from "zod";
import type { SqlTag } from "../../_shared/db/database.ts";
import type { JobContext } from "../../_shared/jobs/jobFactory.ts";
import type { ChunkResult, JobChunk } from "../../_shared/jobs/runLeasedJob.ts";
import { countPending, purgeMetrics, rollUpMarked, rollUpSamples } from "../../_shared/monitor/rollUpMetrics.ts";

/** How long measurements are kept; the `payload` of the schedule may say otherwise. */
const Retention = z.object({
  /** At least two: isolates may write a day late. @default 2 */
  minuteDays: z.number().min(2).default(2),
  /** At least three. @default 35 */
  hourDays: z.number().min(3).default(35),
  /** @default 400 */
  dayDays: z.number().min(7).default(400),
  /** @default 30 */
  slowDays: z.number().positive().default(30),
});

const steps = ["samples", "marks", "purge"] as const;

const Progress = z.object({
  step: z.enum(steps),
  merged: z.int(),
  hours: z.int(),
  days: z.int(),
  purged: z.int(),
});

/** Where a roll-up stands. */
export type RollUpProgress = z.output<typeof Progress>;

/** What a roll-up came to; a rehearsal tells what waits. */
export type RollUpOutcome = Omit<RollUpProgress, "step"> | { readonly samples: number; readonly marks: number };

/** Reads a saved cursor; one that cannot be read starts over, which does nothing twice. */
export function readRollUpProgress(saved: unknown): RollUpProgress | undefined {
  const parsed = Progress.safeParse(saved);
  return parsed.success ? parsed.data : undefined;
}

/**
 * Does one piece together with the cursor: samples to minutes until none is left, then hours and days that are due, then what
 * has become too old. A runner that dies loses nothing and doubles nothing.
 */
export async function rollUpMeasurements(
  chunk: JobChunk<RollUpProgress>,
  { admin }: Pick<JobContext, "admin">,
): Promise<ChunkResult<RollUpProgress, RollUpOutcome>> {
  if (chunk.isDryRun) return { isDone: true, outcome: await countPending(admin.sql) };
  const retention = Retention.parse(chunk.payload);
  const { progress = { step: "samples", merged: 0, hours: 0, days: 0, purged: 0 } } = chunk;
  return await admin.transaction(async (sql) => {
    const next = await doPiece(sql, progress, retention);
    if (next === undefined) {
      const { step: _, ...outcome } = progress;
      return { isDone: true, outcome };
    }
    await chunk.saveProgress(sql, next);
    return { isDone: false, progress: next };
  });
}

async function doPiece(
  sql: SqlTag,
  progress: RollUpProgress,
  retention: z.output<typeof Retention>,
): Promise<RollUpProgress | undefined> {
  switch (progress.step) {
    case "samples": {
      const merged = await rollUpSamples(sql);
      return merged === 0 ? { ...progress, step: "marks" } : { ...progress, merged: progress.merged + merged };
    }
    case "marks": {
      const done = await rollUpMarked(sql);
      if (done === undefined) return { ...progress, step: "purge" };
      return done === "hour" ? { ...progress, hours: progress.hours + 1 } : { ...progress, days: progress.days + 1 };
    }
    case "purge": {
      const purged = await purgeMetrics(sql, retention);
      return purged === 0 ? undefined : { ...progress, purged: progress.purged + purged };
    }
  }
}
