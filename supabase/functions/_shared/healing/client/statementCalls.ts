import type { Match, Row, Selection } from "../../connect/connector.ts";
import type { WriteCall } from "../plan/writeCall.ts";
import type { DbResult } from "./resilientDb.ts";
import { ResilientDbError } from "./resilientDbError.ts";
import { tableName } from "./tableName.ts";

/** Makes a call of the arguments of each statement; a text says why there can be none. */
export const statementCalls = {
  insert(table: string, rows: Row | readonly Row[]): WriteCall | string {
    const list = toRows(rows);
    if (list === undefined) return "Cannot insert as the rows must be objects";
    return { operation: "insert", table: tableName(table), rows: list };
  },

  upsert(table: string, rows: Row | readonly Row[], onConflict: string | readonly string[] | undefined) {
    const list = toRows(rows);
    if (list === undefined) return "Cannot upsert as the rows must be objects";
    const call: WriteCall = {
      operation: "upsert",
      table: tableName(table),
      rows: list,
      conflictColumns: toNames(onConflict),
    };
    return call;
  },

  update(table: string, patch: Row, match: Match): WriteCall | string {
    if (!isRow(patch) || !isRow(match)) return "Cannot update as the patch and the match must be objects";
    return { operation: "update", table: tableName(table), rows: [patch], match };
  },

  remove(table: string, match: Match): WriteCall | string {
    if (!isRow(match)) return "Cannot delete as the match must be an object";
    return { operation: "delete", table: tableName(table), rows: [], match };
  },

  select(table: string, selection: Selection = {}): WriteCall | string {
    if (!isRow(selection)) return "Cannot select as the selection must be an object";
    return { operation: "select", table: tableName(table), rows: [], selection };
  },
};

/** The answer to a call that no statement can be made of. */
export function refusedCall(message: string): DbResult<never> {
  const failure = { code: "INVALID_CALL", kind: "other", message, isOutcomeUnknown: false, cause: undefined } as const;
  return { data: null, error: new ResilientDbError(failure), healing: [], attempts: 0, durationMs: 0 };
}

/** The rows of a write, one or many; undefined where they are none. */
export function toRows(rows: Row | readonly Row[]): readonly Row[] | undefined {
  if (!Array.isArray(rows)) return isRow(rows) ? [rows as Row] : undefined;
  for (const row of rows) if (!isRow(row)) return undefined;
  return rows;
}

function isRow(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `a,b` is how supabase-js takes a list of columns. */
function toNames(onConflict: string | readonly string[] | undefined): readonly string[] {
  if (typeof onConflict !== "string") return onConflict ?? [];
  return onConflict.split(",").map((name) => name.trim()).filter((name) => name !== "");
}
