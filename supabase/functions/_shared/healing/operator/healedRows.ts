import type { Row, TableRef } from "../../connect/connector.ts";

/** The tables of rows that healed writes gave back, for as long as somebody holds the rows. */
const tables = new WeakMap<Row, TableRef>();

/** Remembers where rows came from. Only for writes that were healed: the healthy path remembers nothing. */
export function rememberHealedRows(rows: unknown, table: TableRef): void {
  if (!Array.isArray(rows)) return;
  for (const row of rows) if (typeof row === "object" && row !== null) tables.set(row, table);
}

/** The table of a row that a healed write gave back. */
export function tableOfHealedRow(row: Row): TableRef | undefined {
  return tables.get(row);
}
