import type { DbFailure } from "../../connect/dbFailure.ts";
import { nameFault } from "../../connect/quoteIdentifier.ts";
import type { TableSnapshot } from "../../schema/snapshot.ts";
import { diagnoseDrift } from "./diagnoseDrift.ts";
import { diagnoseReference } from "./diagnoseReference.ts";
import type { Diagnosis, DiagnosisOf, LackingColumn } from "./diagnosis.ts";
import type { DiagnosisContext } from "./diagnosisContext.ts";
import { columnsOfConstraint } from "./findConstraint.ts";
import { findDuplicateRows } from "./findDuplicateRows.ts";
import { columnFillsItself, findLackingColumns } from "./findLackingColumns.ts";
import { findTable, tableOfStatement } from "./findTable.ts";
import { findUnfitColumns } from "./findUnfitColumns.ts";
import { findUnknownColumns, namesOfStatement } from "./findUnknownColumns.ts";

/**
 * What is wrong with a statement that failed: by the failure's code and fields, never its message, and by what the rows
 * and the snapshot tell where the server names nothing. All columns concerned are listed, not only the first one that
 * the server met, so that one round of healing can do. Pure.
 *
 * @example
 * ```ts
 * const { failure } = await connector.insert(orders, [{ totl: 5, custmer: "a" }]);
 * diagnose(failure, { operation: "insert", table: orders, rows: [{ totl: 5, custmer: "a" }], snapshot });
 * // { kind: "unknown_column", columns: ["totl", "custmer"], otherNames: [] }
 * ```
 */
export function diagnose(failure: DbFailure, context: DiagnosisContext): Diagnosis {
  const { code, kind } = failure;
  switch (kind) {
    case "retry":
      return { kind: "retry", reason: code === "40P01" ? "deadlock" : code === "55P03" ? "lock" : "serialization" };
    case "connection_lost":
      return { kind: "connection_lost", isOutcomeUnknown: failure.isOutcomeUnknown };
    case "never_ran":
      return { kind: "never_ran" };
    case "capacity":
      return { kind: "capacity", resource: resourceOf(code), canSplit: context.rows.length > 1 };
    case "pooler":
      return { kind: "pooler_artefact" };
    case "rights":
      return { kind: "rights" };
    case "drift":
      return diagnoseDrift(failure, context);
    case "order":
      return diagnoseReference(failure, context);
    case "conflict":
      return { kind: code === "23P01" ? "exclusion_conflict" : "duplicate_key", ...constraintOf(failure, context) };
    case "data":
      return diagnoseData(failure, context);
    case "other":
      // The connectors' own, for calls that were never sent.
      if (code === "42602") return diagnoseName(context);
      if (code === "INVALID_CALL") return diagnoseCall(context);
      return { kind: "unknown", code };
  }
}

/**
 * A key that cannot be a name is one that no column has; what cannot be the name of anything else was never meant. As the
 * statement was never sent, nobody has said yet that its table is not there either.
 */
function diagnoseName(context: DiagnosisContext): Diagnosis {
  const { operation, table } = context;
  const isFaulty = (name: string) => nameFault(name) !== undefined;
  const { payload, others } = namesOfStatement(context);
  if (!payload.some(isFaulty) || others.some(isFaulty) || isFaulty(table.name)) {
    return { kind: "invalid_call", code: "42602" };
  }
  if (operation !== "rpc" && tableOfStatement(context) === undefined) return { kind: "unknown_table", table };
  return findUnknownColumns(context);
}

/** Rows of an upsert through PostgREST have the same keys: a plan that knows some of them only may have parted them. */
function diagnoseCall(context: DiagnosisContext): Diagnosis {
  const unknown = findUnknownColumns(context);
  const isParted = context.operation === "upsert" && unknown.columns.length > 0;
  return isParted ? unknown : { kind: "invalid_call", code: "INVALID_CALL" };
}

function diagnoseData(failure: DbFailure, context: DiagnosisContext): Diagnosis {
  const { code, column } = failure;
  switch (code) {
    case "22P02":
      return { kind: "type_mismatch", columns: findUnfitColumns(context, ["unreadable"], column) };
    case "22007":
    case "22008":
      return { kind: "type_mismatch", columns: findUnfitColumns(context, ["unreadable_time"], column) };
    case "22001":
      return { kind: "too_long", columns: findUnfitColumns(context, ["too_long"], column) };
    case "22003":
      return { kind: "out_of_range", columns: findUnfitColumns(context, ["out_of_range"], column) };
    case "22021":
    case "22P05":
      return { kind: "unstorable_text", columns: findUnfitColumns(context, ["unstorable_text"], column) };
    case "23502":
      return diagnoseLacking(failure, context);
    case "23514":
      return { kind: "check_failed", ...constraintOf(failure, context) };
    case "21000":
      // Elsewhere it is a subquery of a trigger or a function that gave more than one row.
      return context.operation === "upsert" ? findDuplicateRows(context) : { kind: "unknown", code };
    default:
      return { kind: "unknown", code };
  }
}

/** The column that the server names comes along even where the payload has a value for it: a trigger may have taken it. */
function diagnoseLacking(failure: DbFailure, context: DiagnosisContext): DiagnosisOf<"not_null"> {
  const columns: LackingColumn[] = findLackingColumns(context);
  const own = tableOfStatement(context);
  const named = own === undefined || isOfAnother(failure, own, context)
    ? undefined
    : own.columns.find(({ name }) => name === failure.column);
  if (named === undefined || columns.some(({ column }) => column === named.name)) return { kind: "not_null", columns };
  const added = { column: named.name, rows: [], fillsItself: columnFillsItself(named) };
  return { kind: "not_null", columns: [...columns, added] };
}

/** Does a failure name a table that the snapshot knows as another? A partition goes by a name of its own. */
function isOfAnother({ schema, table }: DbFailure, own: TableSnapshot, { snapshot }: DiagnosisContext): boolean {
  if (schema === undefined || table === undefined) return false;
  return (findTable(snapshot, { schema, name: table }) ?? own) !== own;
}

function constraintOf(failure: DbFailure, context: DiagnosisContext) {
  return { constraint: failure.constraint ?? null, columns: columnsOfConstraint(failure, context) };
}

function resourceOf(code: string): DiagnosisOf<"capacity">["resource"] {
  switch (code) {
    case "53100":
    case "25006": // A full disk makes the database read-only.
      return "disk";
    case "53200":
      return "memory";
    case "57014":
      return "time";
    case "HTTP_429":
      return "rate";
    default:
      return "limit";
  }
}
