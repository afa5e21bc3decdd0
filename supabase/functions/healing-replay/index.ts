import { replayKept } from "../_domains/ops/replayKept.ts";
import { readReplayProgress } from "../_domains/ops/rescue/replayProgress.ts";
import { defineJob } from "../_shared/jobs/defineJob.ts";

export default defineJob({
  name: "healing-replay",
  summary: "Send again what was given up, and move what was set aside, where the cause may be gone",
  // It mostly waits for the database: of the 16 ms a letter takes it computes 3.
  cpuBudgetMs: 8_000,
  readProgress: (saved) => readReplayProgress(saved),
  work: (chunk, context) => replayKept(chunk, context),
});
