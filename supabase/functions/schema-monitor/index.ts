import { monitorSchema } from "../_domains/ops/monitorSchema.ts";
import { defineJob } from "../_shared/jobs/defineJob.ts";

export default defineJob({
  name: "schema-monitor",
  summary: "Look at the schema, record what has changed, and bring what was learned to it",
  work: (chunk, context) => monitorSchema(chunk, context),
});
