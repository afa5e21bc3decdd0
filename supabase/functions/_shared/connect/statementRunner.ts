import type { CompiledSql } from "./sqlText.ts";

/** A statement with its parameters, each of them text for Postgres to read as its place wants. */
export interface SqlStatement {
  readonly sql: CompiledSql;
  readonly values: readonly (string | null)[];
  /** Is it worth keeping prepared: will it come again? */
  readonly isPrepared: boolean;
  /** Is it the call of a function, which costs no planning? @default false */
  readonly isCall?: boolean;
}

/** A result's column: its name and its type's oid. */
export interface ResultColumn {
  readonly name: string;
  readonly type: number;
}

/** What a statement gave back. The rows are the caller's to keep. */
export interface RunResult {
  readonly rows: Record<string, unknown>[];
  /** The columns in order, the same object as long as they are the same; undefined where the way there does not tell. */
  readonly columns: readonly ResultColumn[] | undefined;
}

/** Runs statements: on a pool of lanes, a client of the driver, or a transaction. */
export interface StatementRunner {
  run(statement: SqlStatement): Promise<RunResult>;
  close(): Promise<void>;
}
