import { openJobPorts as open } from "../_domains/ops/jobs/jobPorts.ts";
import { patchJob, PatchJobInput, PatchJobOutput } from "../_domains/ops/patchJob.ts";
import { readJobs, ReadJobsInput, ReadJobsOutput } from "../_domains/ops/readJobs.ts";
import { wakeJob, WakeJobInput, WakeJobOutput } from "../_domains/ops/wakeJob.ts";
import { defineFunction } from "../_shared/http/defineFunction.ts";
import { perMinute } from "../_shared/http/rateLimitPolicy.ts";

const read = { input: ReadJobsInput, output: ReadJobsOutput, rateLimit: perMinute(600) } as const;
const change = { input: PatchJobInput, output: PatchJobOutput, rateLimit: perMinute(120), idempotent: true } as const;
const wake = { input: WakeJobInput, output: WakeJobOutput, rateLimit: perMinute(60), idempotent: true } as const;

export default defineFunction({
  name: "ops-jobs",
  summary: "Show scheduled jobs and their runs, change when they run, and wake one now",
  auth: ["secret"],
  admin: true,
  methods: {
    GET: { ...read, handler: readJobs(open) },
    PATCH: { ...change, summary: "Change a schedule", handler: patchJob(open) },
    POST: { ...wake, summary: "Wake a job now", handler: wakeJob(open) },
  },
});
