import type { Row } from "../../connect/connector.ts";
import type { ColumnSnapshot, SchemaSnapshot } from "../../schema/snapshot.ts";
import { coerceLosslessly } from "../coercion/coerceLosslessly.ts";
import { coercionColumnOf } from "../diagnosis/coercionColumnOf.ts";

/** Can every value that the rows have under a name land in a column without loss? A null says nothing of a name. */
export function valuesFit(
  rows: readonly Row[],
  name: string,
  column: ColumnSnapshot,
  snapshot: SchemaSnapshot,
): boolean {
  const target = coercionColumnOf(column, snapshot);
  return valuesOf(rows, name).every((value) => value === null || coerceLosslessly(value, target).ok);
}

/** What the rows have under a name; a row without the key has nothing. */
export function valuesOf(rows: readonly Row[], name: string): unknown[] {
  return rows.flatMap((row) => Object.hasOwn(row, name) && row[name] !== undefined ? [row[name]] : []);
}
