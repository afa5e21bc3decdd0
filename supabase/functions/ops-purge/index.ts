import { purgeExpired, readPurgeProgress } from "../_domains/ops/purgeExpired.ts";
import { defineJob } from "../_shared/jobs/defineJob.ts";

export default defineJob({
  name: "ops-purge",
  summary: "Remove what has expired: keys, limits, old runs, old dead letters",
  // It waits for the database: a second of it computes a few milliseconds.
  cpuBudgetMs: 20_000,
  readProgress: (saved) => readPurgeProgress(saved),
  work: (chunk, context) => purgeExpired(chunk, context),
});
