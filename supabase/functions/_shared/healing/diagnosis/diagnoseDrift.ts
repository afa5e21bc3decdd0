import type { DbFailure } from "../../connect/dbFailure.ts";
import type { Diagnosis } from "./diagnosis.ts";
import type { DiagnosisContext } from "./diagnosisContext.ts";
import { uniqueKeysOf } from "./findConstraint.ts";
import { findRefusedColumns } from "./findGeneratedColumns.ts";
import { tableOfStatement } from "./findTable.ts";
import { findUnfitColumns } from "./findUnfitColumns.ts";
import { findUnknownColumns, namesOfStatement } from "./findUnknownColumns.ts";

/**
 * What of the schema is not as the statement takes it. Where the snapshot has what the database lacks, that is all that is
 * known until both are read again: a diagnosis by a snapshot that is out of date would name the wrong columns.
 */
export function diagnoseDrift(failure: DbFailure, context: DiagnosisContext): Diagnosis {
  const { operation, table, snapshot, conflictColumns = [] } = context;
  const own = tableOfStatement(context);
  switch (failure.code) {
    case "42703":
    case "PGRST204":
      return diagnoseColumn(failure, context);
    case "42P01":
    case "PGRST205":
      if (operation === "rpc") return { kind: "unknown_object" };
      return own === undefined ? { kind: "unknown_table", table } : { kind: "stale_schema", names: [table.name] };
    case "3F000":
      return snapshot.tables.some(({ schema }) => schema === table.schema)
        ? { kind: "stale_schema", names: [table.schema] }
        : { kind: "unknown_schema", schema: table.schema };
    case "42883":
    case "PGRST202":
      // Elsewhere it is an operator that a match needs, or a function that a trigger calls.
      if (operation !== "rpc") return { kind: "unknown_object" };
      return { kind: "unknown_function", fn: table, args: namesOfStatement(context).payload };
    case "42P10":
      if (conflictColumns.length === 0) return { kind: "unknown_object" };
      return {
        kind: "no_conflict_target",
        columns: conflictColumns,
        keys: own === undefined ? [] : uniqueKeysOf(own),
      };
    case "42804": {
      const faults = ["unreadable", "unreadable_time"] as const;
      return { kind: "type_mismatch", columns: findUnfitColumns(context, faults, failure.column) };
    }
    case "428C9":
      return { kind: "generated_column", columns: findRefusedColumns(context, failure.column) };
    default:
      return { kind: "unknown_object" };
  }
}

function diagnoseColumn({ column }: DbFailure, context: DiagnosisContext): Diagnosis {
  const own = tableOfStatement(context);
  const unknown = findUnknownColumns(context);
  if (own === undefined) {
    // A view, or a table in a schema that is not watched: only what the server names is known.
    const { payload, others } = namesOfStatement(context);
    const isNamed = (name: string) => name === column;
    const found = { columns: payload.filter(isNamed), otherNames: others.filter(isNamed) };
    const isFound = found.columns.length + found.otherNames.length > 0;
    return isFound ? { kind: "unknown_column", ...found } : { kind: "unknown_object" };
  }
  if (column !== undefined && own.columns.some(({ name }) => name === column)) {
    return { kind: "stale_schema", names: [column] };
  }
  if (unknown.columns.length + unknown.otherNames.length > 0) return unknown;
  return { kind: "stale_schema", names: [] };
}
