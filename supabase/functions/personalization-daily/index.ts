import { learnDaily, readDailyProgress } from "../_domains/ml/learnDaily.ts";
import { defineJob } from "../_shared/jobs/defineJob.ts";

export default defineJob({
  name: "personalization-daily",
  summary: "Train the item-item model and learn prices, seasons and what categories go together",
  readProgress: readDailyProgress,
  work: learnDaily,
});
