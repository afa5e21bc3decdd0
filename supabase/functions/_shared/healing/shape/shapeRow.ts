/** A payload's row. */
export type ShapeRow = Readonly<Record<string, unknown>>;

/** What of a column decides whether a row is flattened or nested into it. */
export interface ShapeColumn {
  readonly name: string;
  /** As the catalog prints it. */
  readonly type: string;
}

/** Why a key of the payload keeps its shape. */
export type ShapeRefusal =
  | "no_column"
  | "ambiguous_column"
  | "column_taken"
  | "empty_object"
  | "not_json"
  | "single_key";

/** A key that could not be given another shape. */
export interface RefusedKey {
  readonly key: string;
  readonly reason: ShapeRefusal;
}

/** A copy of the row without some keys and with others. Keys such as `__proto__` are data here. */
export function replaceKeys(
  row: ShapeRow,
  removed: ReadonlySet<string>,
  added: Iterable<readonly [string, unknown]>,
): ShapeRow {
  return Object.fromEntries([...Object.entries(row).filter(([key]) => !removed.has(key)), ...added]);
}
