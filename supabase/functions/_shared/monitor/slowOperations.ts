import type { SqlTag } from "../db/database.ts";

/** A single call that took long. */
export interface SlowOperation {
  readonly at: string;
  readonly isolate: string;
  readonly functionName: string;
  readonly requestId: string | null;
  readonly operation: string;
  readonly durationMs: number;
  readonly hasFailed: boolean;
  /** What it did: kind, table, names of keys; never a value. */
  readonly shape: string | null;
}

/** Which slow calls are looked for. */
export interface SlowQuery {
  readonly fromMs: number;
  readonly toMs: number;
  readonly functionName?: string | undefined;
  readonly operation?: string | undefined;
  readonly limit: number;
}

/** Finds the slowest calls. */
export type ReadSlowOperations = (query: SlowQuery) => Promise<SlowOperation[]>;

/** Slow calls from `resilience.slow_operations`, the slowest first. */
export function postgresSlowOperations(sql: SqlTag): ReadSlowOperations {
  return async ({ fromMs, toMs, functionName = null, operation = null, limit }) =>
    await sql<SlowOperation>`
      select to_char(call.happened_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "at", call.isolate,
        call.function_name as "functionName", call.request_id as "requestId", call.operation,
        call.duration_ms as "durationMs", call.has_failed as "hasFailed", call.shape
      from resilience.slow_operations call
      where call.happened_at >= ${new Date(fromMs)}::timestamptz and call.happened_at < ${new Date(toMs)}::timestamptz
        and (${functionName}::text is null or call.function_name = ${functionName}::text)
        and (${operation}::text is null or call.operation = ${operation}::text)
      order by call.duration_ms desc, call.id limit ${limit}::integer`;
}
