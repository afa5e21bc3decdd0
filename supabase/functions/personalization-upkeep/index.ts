import { keepUp, readUpkeepProgress } from "../_domains/personalization/upkeep/keepUp.ts";
import { defineJob } from "../_shared/jobs/defineJob.ts";

export default defineJob({
  name: "personalization-upkeep",
  summary: "Make room for events to come, find what was viewed often, forget what is old",
  // It waits for the database: a second of it computes a few milliseconds.
  cpuBudgetMs: 20_000,
  readProgress: (saved) => readUpkeepProgress(saved),
  work: (chunk, context) => keepUp(chunk, context),
});
