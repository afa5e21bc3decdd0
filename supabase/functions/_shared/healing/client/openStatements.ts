import type { Match, Row, Selection } from "../../connect/connector.ts";
import type { WriteCall } from "../plan/writeCall.ts";
import { callFunction } from "./callFunction.ts";
import { mayBeMisread } from "./findMisread.ts";
import type { HealingDeps } from "./healingDeps.ts";
import type { HealOptions } from "./healWrite.ts";
import type { DbResult, ResilientStatements, UpsertOptions, WriteOptions } from "./resilientDb.ts";
import { insertRenamed } from "./insertRenamed.ts";
import { healPlain, runStatement, success } from "./runStatement.ts";
import { refusedCall, statementCalls, toRows } from "./statementCalls.ts";
import { tableName } from "./tableName.ts";

/**
 * The statements of a resilient database. While nothing is known to need healing, an insert and a select go straight to the
 * connector and back: what heals is not even looked at.
 */
export function openStatements(deps: HealingDeps): ResilientStatements {
  const { clock, plans, route: { connector } } = deps;

  function run(call: WriteCall | string, options?: HealOptions): Promise<DbResult<Row[]>> {
    const startedAt = clock.monotonic();
    return typeof call === "string" ? Promise.resolve(refusedCall(call)) : runStatement(deps, call, startedAt, options);
  }

  return {
    async insert(table: string, rows: Row | readonly Row[], options?: WriteOptions) {
      const list = toRows(rows);
      if (list === undefined || options?.idempotencyKey !== undefined || mayBeMisread(list)) {
        return await run(statementCalls.insert(table, rows), options);
      }
      const startedAt = clock.monotonic();
      const ref = tableName(table);
      if (!plans.isEmpty) {
        const call: WriteCall = { operation: "insert", table: ref, rows: list };
        const renamed = list.length === 1 ? await insertRenamed(deps, call, startedAt, options) : undefined;
        return renamed ?? await runStatement(deps, call, startedAt, options);
      }
      const { value, failure } = await connector.insert(ref, list);
      if (failure === undefined) {
        deps.warmUp();
        return success(value, { attempts: 1, durationMs: clock.monotonic() - startedAt });
      }
      return await healPlain(deps, { operation: "insert", table: ref, rows: list }, failure, startedAt, options);
    },

    upsert: (table: string, rows: Row | readonly Row[], options: UpsertOptions) =>
      run(statementCalls.upsert(table, rows, options?.onConflict), options),

    update: (table: string, patch: Row, match: Match, options?: WriteOptions) =>
      run(statementCalls.update(table, patch, match), options),

    delete: (table: string, match: Match, options?: WriteOptions) => run(statementCalls.remove(table, match), options),

    async select(table: string, given?: Selection, options?: { signal?: AbortSignal }) {
      const selection = given ?? {};
      if (!plans.isEmpty) return await run(statementCalls.select(table, selection), options);
      const startedAt = clock.monotonic();
      const ref = tableName(table);
      const { value, failure } = await connector.select(ref, selection);
      if (failure === undefined) return success(value, { attempts: 1, durationMs: clock.monotonic() - startedAt });
      return await healPlain(
        deps,
        { operation: "select", table: ref, rows: [], selection },
        failure,
        startedAt,
        options,
      );
    },

    rpc: (fn: string, args?: Row, options?: WriteOptions) => callFunction(deps, tableName(fn), args ?? {}, options),
  };
}
