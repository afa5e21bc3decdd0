import type { JobContext } from "../../_shared/jobs/jobFactory.ts";
import type { ChunkResult, JobChunk } from "../../_shared/jobs/runLeasedJob.ts";
import { suiteOptimizer } from "../../_shared/optimizer/isolateOptimizer.ts";
import type { SelfOptimizer } from "../../_shared/optimizer/createSelfOptimizer.ts";
import type { TuningReport } from "../../_shared/optimizer/lifecycle/runParts.ts";

/** The schedule that looks after what is under way; the other one looks for what to change, too. */
export const watchJob = "self-optimizer-watch";

/** One run is one chunk: each of its steps is written down and taken once, so a run that dies is simply done again. */
export async function tuneKnobs(
  { job, isDryRun, signal }: Pick<JobChunk<never>, "job" | "isDryRun" | "signal">,
  { admin, log }: Pick<JobContext, "admin" | "log">,
  optimizer: SelfOptimizer = suiteOptimizer(admin),
): Promise<ChunkResult<never, TuningReport>> {
  const outcome = await optimizer.run({ dryRun: isDryRun, isWatchOnly: job === watchJob, signal });
  for (const failure of outcome.failures) log.warn("A rule of the optimizer failed", { ...failure });
  return { isDone: true, outcome };
}
