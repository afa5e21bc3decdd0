import type { Row } from "./connector.ts";
import { rowKeys } from "./encodedRow.ts";

/** Rows with the same keys. */
export interface RowGroup {
  readonly columns: readonly string[];
  readonly rows: Row[];
  /** Where each row stood. */
  readonly places: number[];
}

/** Groups rows by their keys, in the order of first appearance; a row without any is a group of its own. */
export function groupRows(rows: readonly Row[]): RowGroup[] {
  const byKeys = new Map<string, RowGroup>();
  const groups: RowGroup[] = [];
  rows.forEach((row, place) => {
    const columns = rowKeys(row);
    const key = JSON.stringify(columns.toSorted());
    const known = columns.length === 0 ? undefined : byKeys.get(key);
    const group = known ?? { columns, rows: [], places: [] };
    group.rows.push(row);
    group.places.push(place);
    if (known !== undefined) return;
    byKeys.set(key, group);
    groups.push(group);
  });
  return groups;
}

/**
 * Puts rows that came back group after group in the order in which they were given; where a trigger has kept some from
 * landing, nothing tells which, and they stay as they came.
 */
export function inGivenOrder(rows: Row[], groups: readonly RowGroup[]): Row[] {
  if (groups.length === 1) return rows;
  const places = groups.flatMap((group) => group.places);
  if (places.length !== rows.length) return rows;
  const ordered = new Array<Row>(rows.length);
  places.forEach((place, index) => ordered[place] = rows[index]!);
  return ordered;
}
