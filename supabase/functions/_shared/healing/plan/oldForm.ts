import type { ColumnPast } from "../../schema/columnPast.ts";
import type { ColumnSnapshot } from "../../schema/snapshot.ts";

/** Names of columns in a statement whose other names tell that it was made for another version of the schema. */
export interface OldForm {
  /** The names that only the old form has. */
  readonly toldBy: readonly string[];
  /** Names that are another column's by now, and the columns they meant then; undefined: it is gone, or cannot be told. */
  readonly moved: ReadonlyMap<string, ColumnSnapshot | undefined>;
}

/**
 * Finds out what known names mean beside former ones: where `total` was renamed `price` and `price` before that
 * `list_price`, a payload with a `total` means the list price by its `price`. Where the names never stood together, those
 * that have changed hands cannot be told; one that went and came back to its column has not.
 */
export function findOldForm(names: readonly string[], columns: readonly ColumnSnapshot[], past: ColumnPast): OldForm {
  const now = new Map(columns.map((column) => [column.name, column]));
  const byAttnum = new Map(columns.map((column) => [column.attnum, column]));
  const toldBy = names.filter((name) => !now.has(name) && past.former.has(name));
  const moved = new Map<string, ColumnSnapshot | undefined>();
  if (toldBy.length === 0) return { toldBy, moved };
  const known = names.filter((name) => now.has(name));
  const then = past.namesWhen(toldBy, columns);
  const isOneForm = then !== undefined && known.every((name) => then.has(name));
  for (const name of known) {
    if (isOneForm) {
      const attnum = then.get(name)!;
      if (attnum !== now.get(name)!.attnum) moved.set(name, byAttnum.get(attnum));
    } else if (past.hadAnother(name, now.get(name)!.attnum)) moved.set(name, undefined);
  }
  return { toldBy, moved };
}
