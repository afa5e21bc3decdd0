import { rowKeys } from "../../connect/encodedRow.ts";
import type { DiagnosisOf } from "./diagnosis.ts";
import type { DiagnosisContext } from "./diagnosisContext.ts";
import { tableOfStatement } from "./findTable.ts";

/** Every table has these, and no snapshot; they can be read and matched, never written. */
const systemColumns: readonly string[] = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

/** Every name in a statement that no column of its table has, each once; none where the snapshot lacks the table. */
export function findUnknownColumns(context: DiagnosisContext): DiagnosisOf<"unknown_column"> {
  const table = tableOfStatement(context);
  if (table === undefined) return { kind: "unknown_column", columns: [], otherNames: [] };
  const columns = new Set(table.columns.map(({ name }) => name));
  const { payload, others } = namesOfStatement(context);
  return {
    kind: "unknown_column",
    columns: payload.filter((name) => !columns.has(name)),
    otherNames: others.filter((name) => !columns.has(name) && !systemColumns.includes(name)),
  };
}

/** The names that a statement writes, and those that it uses besides, each once, in the order of their appearance. */
export function namesOfStatement({ rows, match = {}, conflictColumns = [], readColumns = [] }: DiagnosisContext) {
  return {
    payload: [...new Set(rows.flatMap(rowKeys))],
    others: [...new Set([...Object.keys(match), ...conflictColumns, ...readColumns])],
  };
}
