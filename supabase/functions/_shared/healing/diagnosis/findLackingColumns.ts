import type { ColumnSnapshot } from "../../schema/snapshot.ts";
import type { LackingColumn } from "./diagnosis.ts";
import type { DiagnosisContext } from "./diagnosisContext.ts";
import { tableOfStatement } from "./findTable.ts";

/**
 * The columns that must have a value and get none, in any row: null was sent, or an insert leaves the key out and the
 * column does not fill itself. An upsert is an insert here: Postgres checks the row before it looks for a conflict.
 */
export function findLackingColumns(context: DiagnosisContext): LackingColumn[] {
  const { operation, rows } = context;
  const isInsert = operation === "insert" || operation === "upsert";
  if (!isInsert && operation !== "update") return [];
  return (tableOfStatement(context)?.columns ?? []).flatMap((column) => {
    if (column.isNullable) return [];
    const fillsItself = columnFillsItself(column);
    const places = [...rows.keys()].filter((place) => {
      const row = rows[place]!;
      const value = Object.hasOwn(row, column.name) ? row[column.name] : undefined;
      return value === null || (value === undefined && isInsert && !fillsItself);
    });
    return places.length === 0 ? [] : [{ column: column.name, rows: places, fillsItself }];
  });
}

/** Does a column get a value where its key is left out? */
export function columnFillsItself({ defaultExpression, isGenerated, isIdentity }: ColumnSnapshot): boolean {
  return defaultExpression !== null || isGenerated || isIdentity;
}
