import { learnHourly, readHourlyProgress } from "../_domains/ml/learnHourly.ts";
import { defineJob } from "../_shared/jobs/defineJob.ts";

export default defineJob({
  name: "personalization-hourly",
  summary: "Learn popularity, segments, times and what is bought together from what has arrived",
  // It waits for the database: a second of it computes some ten milliseconds.
  cpuBudgetMs: 40_000,
  readProgress: readHourlyProgress,
  work: learnHourly,
});
