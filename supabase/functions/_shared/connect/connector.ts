import type { DbFailure } from "./dbFailure.ts";

/** A row as it is sent and as it comes back: column to value. A key with undefined is a missing key, as in JSON. */
export type Row = Readonly<Record<string, unknown>>;

/** A table by its schema and its name; both are quoted wherever they go. */
export interface TableRef {
  readonly schema: string;
  readonly name: string;
}

/** Columns and the values they must have; null means `is null`, a list means `in`. */
export type Match = Readonly<Record<string, unknown>>;

/** What to read of a table. */
export interface Selection {
  /** @default all */
  readonly columns?: readonly string[];
  readonly match?: Match;
  readonly order?: readonly { readonly column: string; readonly isDescending?: boolean }[];
  readonly limit?: number;
  readonly offset?: number;
}

/** What came of a statement: exactly one of the two is there. */
export type Outcome<Value> = { readonly value: Value; readonly failure?: undefined } | {
  readonly value?: undefined;
  readonly failure: DbFailure;
};

/**
 * One way to a database. Each method is one statement, tried once: retries, healing and breakers are for those who call.
 * A failure is an outcome, never an exception, so that whoever heals reads its fields instead of catching. A call that
 * cannot be sent fails with `42602` (what cannot be a name) or `INVALID_CALL` (an empty match, a value without a form).
 */
export interface Connector {
  readonly kind: "postgres" | "postgrest";
  /** Inserts rows that may have different keys: a key that a row lacks takes the column's default, never null. */
  insert(table: TableRef, rows: readonly Row[]): Promise<Outcome<Row[]>>;
  /**
   * Inserts, or updates where `onConflict`'s columns are taken; keys that a row lacks stay as they are. PostgREST cannot do
   * that for rows with different keys in one statement: there they are refused with `INVALID_CALL`.
   */
  upsert(table: TableRef, rows: readonly Row[], onConflict: readonly string[]): Promise<Outcome<Row[]>>;
  /** Changes the rows that match and gives them back. An empty match is refused. */
  update(table: TableRef, patch: Row, match: Match): Promise<Outcome<Row[]>>;
  /** Removes the rows that match and gives them back. An empty match is refused. */
  delete(table: TableRef, match: Match): Promise<Outcome<Row[]>>;
  select(table: TableRef, selection: Selection): Promise<Outcome<Row[]>>;
  /** Calls a function by its arguments' names. */
  rpc(fn: TableRef, args: Row): Promise<Outcome<unknown>>;
  close(): Promise<void>;
}
