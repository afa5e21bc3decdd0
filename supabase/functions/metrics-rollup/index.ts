import { readRollUpProgress, rollUpMeasurements } from "../_domains/ops/rollUpMeasurements.ts";
import { defineJob } from "../_shared/jobs/defineJob.ts";

export default defineJob({
  name: "metrics-rollup",
  summary: "Merge what isolates measured to minutes, hours and days, and forget what is old",
  // It waits for the database: a second of it computes a few milliseconds.
  cpuBudgetMs: 20_000,
  readProgress: readRollUpProgress,
  work: rollUpMeasurements,
});
