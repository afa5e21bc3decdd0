import { flushEvents, readFlushProgress } from "../_domains/analytics/flushEvents.ts";
import { openFlushPorts } from "../_domains/analytics/flushPorts.ts";
import { defineJob } from "../_shared/jobs/defineJob.ts";

export default defineJob({
  name: "events-flush",
  summary: "Send what shoppers did on to the warehouse, where one is configured",
  // It waits, for the database and for the warehouse: a page computes a few milliseconds.
  cpuBudgetMs: 40_000,
  readProgress: readFlushProgress,
  work: async (chunk, context) => await flushEvents(chunk, context, openFlushPorts()),
});
