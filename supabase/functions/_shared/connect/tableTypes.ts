import type { TableRef } from "./connector.ts";
import type { ResultColumn } from "./statementRunner.ts";

/**
 * How a column's values travel: as JSON where only the value's own type tells a text from a number, with the type text
 * said where Postgres would else take a text for JSON should the column have become json meanwhile, or as plain text.
 */
export type ColumnEncoding = "json" | "jsonb" | "text" | "plain";

const encodingOfType: ReadonlyMap<number, ColumnEncoding> = new Map<number, ColumnEncoding>([
  [114, "json"],
  [3802, "jsonb"],
  ...[25, 1042, 1043].map((oid) => [oid, "text"] as const), // text, bpchar, varchar
]);

/**
 * What has been seen of tables' columns in the results of writes and reads: learning costs no query. It decides only how
 * values are encoded, and never whether the result is right: a value meets an error if this is out of date, or lands as
 * it should.
 */
export class TableTypes {
  readonly #tables = new Map<string, KnownTable>();
  readonly #seen = new WeakSet<readonly ResultColumn[]>();

  get(table: TableRef): ReadonlyMap<string, ColumnEncoding> | undefined {
    return this.#tables.get(tableKey(table))?.encodings;
  }

  /** Takes note of a result with all of the table's columns. */
  learn(table: TableRef, columns: readonly ResultColumn[] | undefined): void {
    // Prepared statements give the same columns each time, until they are prepared anew; others new ones each time.
    if (columns === undefined || columns.length === 0 || this.#seen.has(columns)) return;
    const key = tableKey(table);
    const known = this.#tables.get(key);
    if (known !== undefined && areSame(known.columns, columns)) return;
    this.#seen.add(columns);
    const encodings = columns.map(({ name, type }) => [name, encodingOfType.get(type) ?? "plain"] as const);
    this.#tables.set(key, { columns, encodings: new Map(encodings) });
  }

  /** Forgets all tables. */
  clear(): void {
    for (const { columns } of this.#tables.values()) this.#seen.delete(columns);
    this.#tables.clear();
  }

  /** Forgets a table whose columns may have changed. */
  forget(table: TableRef): void {
    const key = tableKey(table);
    const known = this.#tables.get(key);
    if (known !== undefined) this.#seen.delete(known.columns);
    this.#tables.delete(key);
  }
}

interface KnownTable {
  readonly columns: readonly ResultColumn[];
  readonly encodings: ReadonlyMap<string, ColumnEncoding>;
}

function areSame(before: readonly ResultColumn[], now: readonly ResultColumn[]): boolean {
  if (before.length !== now.length) return false;
  for (let i = 0; i < now.length; i++) {
    if (before[i]!.name !== now[i]!.name || before[i]!.type !== now[i]!.type) return false;
  }
  return true;
}

/** A table's name as a key; a name with NUL in it is no table's. */
export function tableKey({ schema, name }: TableRef): string {
  return `${schema}\0${name}`;
}
