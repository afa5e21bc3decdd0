import { lazyMappingAdvisor } from "./ai/lazyMappingAdvisor.ts";
import { runBatch } from "./healing/batch/runBatch.ts";
import { openResilientDb } from "./healing/client/openResilientDb.ts";
import { openStatements } from "./healing/client/openStatements.ts";
import type {
  DbResult,
  ResilientDb,
  ResilientStatements,
  ResilientTransactionOptions,
} from "./healing/client/resilientDb.ts";
import type { ResilientDbOptions } from "./healing/client/resilientDbOptions.ts";
import { runInTransaction } from "./healing/client/runInTransaction.ts";
import { statementShape } from "./healing/client/statementShape.ts";
import { hasLostRows, isError, tellCall, tellStatements } from "./healing/client/tellStatements.ts";
import { openOperatorCalls } from "./healing/operator/openOperatorCalls.ts";
import { openRoute, type RouteSource } from "./healing/landing/openRoute.ts";
import { isolateKnobs } from "./optimizer/knobs/isolateKnobs.ts";
import { callBehindBreaker, guardStatements } from "./healing/spill/guardStatements.ts";

export type { BatchOptions, BatchReport, BatchRow, RowFate } from "./healing/client/batchReport.ts";
export type * from "./healing/client/operatorReports.ts";
export type * from "./healing/client/resilientDb.ts";
export { ResilientDbError } from "./healing/client/resilientDbError.ts";
export type { SpillLimits, SpillStatus } from "./healing/spill/spillStatus.ts";
export type { ResilientDbOptions } from "./healing/client/resilientDbOptions.ts";

/**
 * A database whose writes heal: a renamed column, a widened type, a camelCase payload, a deadlock or a lost connection cost
 * neither the write nor a byte of it. As in supabase-js, exactly one of `data` and `error` is null.
 *
 * @example
 * ```ts
 * const db = createResilientDb(Deno.env.get("SUPABASE_DB_URL")!);
 * const { data, error, healing } = await db.insert("orders", { customerId: 7, total: "12.50" });
 * ```
 */
export function createResilientDb(source: RouteSource, options: ResilientDbOptions | string = {}): ResilientDb {
  const given = { knobs: isolateKnobs(), ...(typeof options === "string" ? { aiKey: options } : options) };
  const { deps, flush, close } = openResilientDb(source, given, { openRoute, makeAdvisor: lazyMappingAdvisor });
  return {
    ...tellStatements(deps, guardStatements(deps, openStatements(deps))),
    ...openOperatorCalls(deps),
    batch(table, rows, how) {
      if (!deps.hub.isWatched) return runBatch(deps, table, rows, how);
      const shape = () => statementShape({ verb: "batch", table, rows });
      return tellCall(deps, "db.batch", shape, () => runBatch(deps, table, rows, how), hasLostRows);
    },
    transaction<Result>(
      work: (tx: ResilientStatements) => Promise<Result>,
      how?: ResilientTransactionOptions,
    ): Promise<DbResult<Result>> {
      const run = () => callBehindBreaker(deps, () => runInTransaction(deps, work, how));
      return deps.hub.isWatched ? tellCall(deps, "db.transaction", () => "transaction", run, isError) : run();
    },
    spill: () => deps.spill.status,
    flush,
    close,
  } as ResilientDb;
}
