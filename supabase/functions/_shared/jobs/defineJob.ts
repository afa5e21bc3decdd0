import { defineFunction } from "../http/defineFunction.ts";
import { createJobFactory, type DefineJob } from "./jobFactory.ts";

/**
 * Declares a scheduled job as a function. A wake-up is a POST with the secret key, `{ job?, scheduledFor?, dryRun? }`; it is
 * answered with 202 as soon as a run is claimed, and the work goes on behind the answer. `dryRun` works out what would be
 * done and answers with that.
 *
 * @example
 * ```ts
 * export default defineJob({ name: "ops-purge", summary: "Remove what has expired", work: purgeExpired });
 * ```
 */
export const defineJob: DefineJob = createJobFactory(defineFunction);
