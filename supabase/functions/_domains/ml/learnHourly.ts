import type { JobContext } from "../../_shared/jobs/jobFactory.ts";
import type { ChunkResult, JobChunk } from "../../_shared/jobs/runLeasedJob.ts";
import { HourlySettings } from "./hourlySettings.ts";
import { hourlySteps } from "./hourlySteps.ts";
import { type LearningProgress, readLearningProgress } from "./learningWindow.ts";
import { type LearningOutcome, runLearningSteps } from "./runLearningSteps.ts";

const job = { name: "personalization-hourly", unit: "hour", steps: hourlySteps } as const;

/** Reads a saved cursor of hourly learning. */
export const readHourlyProgress = readLearningProgress(hourlySteps);

/** One chunk of hourly learning: popularity, what is bought together, segments and their favourites, times, snapshots. */
export function learnHourly(
  chunk: JobChunk<LearningProgress>,
  { admin }: Pick<JobContext, "admin">,
): Promise<ChunkResult<LearningProgress, LearningOutcome>> {
  return runLearningSteps(job, chunk, admin, HourlySettings.parse(chunk.payload));
}
