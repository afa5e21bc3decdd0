import { lazyMappingAdvisor } from "./ai/lazyMappingAdvisor.ts";
import { openResilientDb } from "./healing/client/openResilientDb.ts";
import { healedStatements } from "./healing/client/healedStatements.ts";
import type { ResilientDb } from "./healing/client/resilientDb.ts";
import type { ResilientDbOptions } from "./healing/client/resilientDbOptions.ts";
import { openOperatorCalls } from "./healing/operator/openOperatorCalls.ts";
import { openRoute, type RouteSource } from "./healing/landing/openRoute.ts";
import { isolateKnobs } from "./optimizer/knobs/isolateKnobs.ts";

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
    ...healedStatements(deps),
    ...openOperatorCalls(deps),
    spill: () => deps.spill.status,
    flush,
    close,
  } as ResilientDb;
}
