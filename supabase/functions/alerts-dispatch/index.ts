import { openDispatchPorts } from "../_domains/ops/alerts/dispatchPorts.ts";
import { dispatchAlerts, readDispatchProgress } from "../_domains/ops/dispatchAlerts.ts";
import { defineJob } from "../_shared/jobs/defineJob.ts";

export default defineJob({
  name: "alerts-dispatch",
  summary: "See what is wrong by now, and tell those who should know",
  // It waits, for the database and for receivers: a run computes a few milliseconds.
  cpuBudgetMs: 40_000,
  readProgress: (saved) => readDispatchProgress(saved),
  work: (chunk, context) => dispatchAlerts(chunk, context, openDispatchPorts()),
});
