import * as z from "zod";
import type { JobContext } from "../../../_shared/jobs/jobFactory.ts";
import type { ChunkResult, JobChunk } from "../../../_shared/jobs/runLeasedJob.ts";
import { UpkeepRetention } from "./upkeepRetention.ts";
import { type UpkeepStep, upkeepSteps } from "./upkeepSteps.ts";

const Progress = z.object({ step: z.string(), done: z.record(z.string(), z.int()) });

/** Where an upkeep stands. */
export type UpkeepProgress = z.output<typeof Progress>;

/** What an upkeep came to, by step. */
export type UpkeepOutcome = { readonly done: Readonly<Record<string, number>> };

const chunkRows = 1_000;

/** Reads a saved cursor; one that names a step which is gone starts over, which costs nothing. */
export function readUpkeepProgress(saved: unknown): UpkeepProgress | undefined {
  const parsed = Progress.safeParse(saved);
  return parsed.success && upkeepSteps.some(({ name }) => name === parsed.data.step) ? parsed.data : undefined;
}

/** Takes one step of upkeep, or a chunk of it. A dry run takes it and takes it back. */
export async function keepUp(
  chunk: JobChunk<UpkeepProgress>,
  { admin }: Pick<JobContext, "admin">,
  steps: readonly UpkeepStep[] = upkeepSteps,
): Promise<ChunkResult<UpkeepProgress, UpkeepOutcome>> {
  const retention = UpkeepRetention.parse(chunk.payload);
  const done = chunk.progress?.done ?? {};
  const place = chunk.progress === undefined ? 0 : steps.findIndex(({ name }) => name === chunk.progress?.step);
  const step = steps[place];
  if (step === undefined || chunk.isDryRun) return { isDone: true, outcome: { done } };
  return await admin.transaction(async (sql) => {
    const count = await step.take(sql, { retention, limit: chunkRows });
    const total = { ...done, [step.name]: (done[step.name] ?? 0) + count };
    const next = step.isChunked && count >= chunkRows ? step : steps[place + 1];
    if (next === undefined) return { isDone: true, outcome: { done: total } };
    const progress = { step: next.name, done: total };
    await chunk.saveProgress(sql, progress);
    return { isDone: false, progress };
  });
}
