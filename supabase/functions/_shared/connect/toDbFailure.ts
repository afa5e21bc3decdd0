import { classifySqlState, sqlStateOf } from "../db/sqlState.ts";
import { CallRefusedError } from "./callRefusedError.ts";
import type { TableRef } from "./connector.ts";
import type { DbFailure } from "./dbFailure.ts";
import { type CompiledSql, placeAt } from "./sqlText.ts";

/** What the driver's errors carry. The second spelling of the type's name is the driver's own. */
interface ServerError {
  readonly severity?: string;
  readonly message?: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly position?: string;
  readonly where?: string;
  readonly schema_name?: string;
  readonly table_name?: string;
  readonly column_name?: string;
  readonly constraint_name?: string;
  readonly data_type_name?: string;
  readonly "data type_name"?: string;
}

/** What was tried when a failure came. */
export interface FailureContext {
  readonly table?: TableRef;
  readonly sql?: CompiledSql;
  readonly isRead?: boolean;
}

const textFormOfTypeErrors = new Set(["22P02", "22003", "22007", "22008", "22021"]);

/** Reads a failure out of an error of postgres.js, a socket, or our own. */
export function toDbFailure(error: unknown, { table, sql, isRead = false }: FailureContext = {}): DbFailure {
  const server = (typeof error === "object" && error !== null ? error : {}) as ServerError;
  const code = error instanceof CallRefusedError ? error.code : sqlStateOf(error) ?? "UNKNOWN";
  const kind = classifySqlState(code);
  const place = sql !== undefined && server.position !== undefined ? placeAt(sql, Number(server.position)) : undefined;
  const placed = placedNames(place, table);
  const column = server.column_name ?? placed.column ?? parameterColumn(code, server.where, sql);
  return {
    code,
    kind,
    message: server.message ?? String(error),
    ...definedOnly({
      schema: server.schema_name ?? (column === undefined ? placed.schema : table?.schema),
      table: server.table_name ?? (column === undefined ? placed.table : table?.name),
      column,
      constraint: server.constraint_name,
      dataType: server.data_type_name ?? server["data type_name"],
      detail: server.detail,
      hint: server.hint,
    }),
    isOutcomeUnknown: kind === "connection_lost" && !isRead,
    cause: error,
  };
}

/** A failure made of a call that cannot be sent, where the error is one of those; others are thrown on. */
export function refusalOf(error: unknown): DbFailure {
  if (error instanceof CallRefusedError) return toDbFailure(error);
  if (!(error instanceof TypeError)) throw error;
  return toDbFailure(new CallRefusedError("INVALID_CALL", error.message));
}

function placedNames(place: ReturnType<typeof placeAt>, table: TableRef | undefined) {
  switch (place?.kind) {
    case "column":
      return { schema: table?.schema, table: table?.name, column: place.name };
    case "table":
      return { schema: table?.schema, table: place.name };
    default:
      return {};
  }
}

/**
 * The column whose parameter Postgres could not read. It has no field for it, but its context names the parameter's number
 * in every language ("unnamed portal parameter $2 = '...'"), in one line without quoted names; a trigger's context has those.
 */
function parameterColumn(code: string, where: string | undefined, sql: CompiledSql | undefined): string | undefined {
  if (where === undefined || sql === undefined || !textFormOfTypeErrors.has(code)) return undefined;
  const number = /^[^"\n]*\$(\d+)(?: = .*)?$/s.exec(where)?.[1];
  return number === undefined ? undefined : sql.parameterColumns[Number(number) - 1];
}

function definedOnly<Fields extends Record<string, string | undefined>>(fields: Fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Fields]?: string;
  };
}
