import { tuneKnobs, watchJob } from "../_domains/ops/tuneKnobs.ts";
import { defineJob } from "../_shared/jobs/defineJob.ts";

export default defineJob({
  name: "self-optimizer",
  summary: "Look for what to tune, try it on a share of the isolates, keep what helps and take back what harms",
  jobs: ["self-optimizer", watchJob],
  // It waits for the database: a second of it computes a few milliseconds.
  cpuBudgetMs: 20_000,
  work: (chunk, context) => tuneKnobs(chunk, context),
});
