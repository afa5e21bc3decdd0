import type { JobContext } from "../../_shared/jobs/jobFactory.ts";
import type { ChunkResult, JobChunk } from "../../_shared/jobs/runLeasedJob.ts";
import { DailySettings } from "./dailySettings.ts";
import { dailySteps } from "./dailySteps.ts";
import { type LearningProgress, readLearningProgress } from "./learningWindow.ts";
import { type LearningOutcome, runLearningSteps } from "./runLearningSteps.ts";

const job = { name: "personalization-daily", unit: "day", steps: dailySteps } as const;

/** Reads a saved cursor of daily learning. */
export const readDailyProgress = readLearningProgress(dailySteps);

/** One chunk of daily learning: prices, relations of categories, seasons, and the item-item model. */
export function learnDaily(
  chunk: JobChunk<LearningProgress>,
  { admin }: Pick<JobContext, "admin">,
): Promise<ChunkResult<LearningProgress, LearningOutcome>> {
  return runLearningSteps(job, chunk, admin, DailySettings.parse(chunk.payload));
}
