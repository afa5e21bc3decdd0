import { adminDatabase } from "../db/adminDatabase.ts";
import type { Database } from "../db/database.ts";
import { sqlClient } from "../db/sqlClient.ts";
import { postgresMetricsReader } from "../monitor/postgresMetricsReader.ts";
import { createSelfOptimizer, type RunOptions, type SelfOptimizer } from "./createSelfOptimizer.ts";
import type { TuningReport } from "./lifecycle/runParts.ts";
import { postgresTuningStore } from "./lifecycle/postgresTuningStore.ts";
import { isolateRules } from "./rules/isolateRules.ts";

/** The optimizer of this suite: every rule there is, over what the fleet measured. */
export function suiteOptimizer(database: Database): SelfOptimizer {
  const metrics = postgresMetricsReader(database.sql);
  return createSelfOptimizer({ store: postgresTuningStore(database), rules: isolateRules, database, metrics });
}

/**
 * One run of the optimizer over this isolate's database.
 *
 * @example
 * ```ts
 * const { steps } = await runSelfOptimization({ dryRun: true });
 * for (const { knob, before, after, reason } of steps) log.info("would be", { knob, before, after, reason });
 * ```
 */
export function runSelfOptimization(options: RunOptions = {}): Promise<TuningReport> {
  return suiteOptimizer(adminDatabase(sqlClient())).run(options);
}
