import { isSameValue } from "../coercion/sameValue.ts";
import { conflictKey } from "./conflictKey.ts";
import type { ShapeRow } from "./shapeRow.ts";

/** How to write rows that meet in one upsert. Rows are named by their place in the list that was given. */
export interface UpsertPartition {
  /** The rows of each statement. Run one after the other, in one transaction, they do what single rows would do. */
  readonly statements: readonly (readonly number[])[];
  /** Rows that are left out, as they say again what another has just said. */
  readonly collapsed: readonly { readonly index: number; readonly into: number }[];
}

/**
 * Parts the rows of an upsert that Postgres refuses with 21000, so that no statement has a row twice. The order stays
 * as it is, over all rows, because other unique keys and triggers may depend on it: a statement ends where a row
 * comes back. A row is collapsed only into the one just before it with the same key, and only when both are the same:
 * with another in between, its second coming has an effect. Rows whose key has a null or leaves a column to its default
 * meet no other.
 */
export function dedupeUpsert(rows: readonly ShapeRow[], conflictColumns: readonly string[]): UpsertPartition {
  const statements: number[][] = [];
  const collapsed: { index: number; into: number }[] = [];
  const latest = new Map<string, number>();
  let current: number[] = [];
  let keys = new Set<string>();
  rows.forEach((row, index) => {
    const key = conflictKey(row, conflictColumns);
    if (key !== undefined) {
      const before = latest.get(key);
      if (before !== undefined && isSameValue(rows[before], row)) {
        collapsed.push({ index, into: before });
        return;
      }
      latest.set(key, index);
      if (keys.has(key)) {
        statements.push(current);
        current = [];
        keys = new Set();
      }
      keys.add(key);
    }
    current.push(index);
  });
  if (current.length > 0) statements.push(current);
  return { statements, collapsed };
}
