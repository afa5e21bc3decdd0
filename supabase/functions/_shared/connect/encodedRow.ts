import type { Row } from "./connector.ts";
import type { ColumnEncoding } from "./tableTypes.ts";
import { jsonRow, jsonText, scalarText } from "./valueText.ts";

/** A row's columns, how each value travels, and the values as they travel. */
export interface EncodedRow {
  readonly columns: readonly string[];
  /** One letter for each column: `j`son for any type, `o` for json and `b` for jsonb, `t`ext, `p`lain. */
  readonly modes: string;
  readonly values: readonly (string | null)[];
}

/** A row's keys; a key without a value is no key, as in JSON. */
export function rowKeys(row: Row): string[] {
  const keys = Object.keys(row);
  for (const key of keys) if (row[key] === undefined) return keys.filter((key) => row[key] !== undefined);
  return keys;
}

/**
 * Encodes a row's values for the columns they are for. Where nothing is known of the table yet, and for values that are
 * lists or objects, JSON: Postgres makes of it whatever the column's type is at that moment.
 */
export function encodeRow(row: Row, known: ReadonlyMap<string, ColumnEncoding> | undefined): EncodedRow {
  const columns = rowKeys(row);
  const values: (string | null)[] = [];
  let modes = "";
  for (const column of columns) {
    const value = row[column];
    const encoding = known?.get(column) ?? "plain";
    if (encoding === "json" || encoding === "jsonb") {
      modes += encoding === "json" ? "o" : "b";
      values.push(value === null ? null : jsonText(value));
      continue;
    }
    const text = known === undefined ? undefined : scalarText(value);
    modes += text === undefined ? "j" : encoding === "text" ? "t" : "p";
    values.push(text === undefined ? jsonRow(row, [column]) : text);
  }
  return { columns, modes, values };
}

/** A name for the shape of a statement with such a row. */
export function shapeOf({ columns, modes }: Pick<EncodedRow, "columns" | "modes">): string {
  return `${columns.join("\0")}\0${modes}`;
}
