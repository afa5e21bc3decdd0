/** A value a statement takes as a parameter. Objects travel as JSON. */
export type SqlValue =
  | string
  | number
  | bigint
  | boolean
  | Date
  | Uint8Array
  | null
  | readonly SqlValue[]
  | { readonly [key: string]: unknown };

/** Runs one statement written as a template; every `${}` is a parameter, never text. */
export type SqlTag = <Row extends object = Record<string, unknown>>(
  statement: TemplateStringsArray,
  ...values: SqlValue[]
) => Promise<Row[]>;

/** How a transaction runs. */
export interface TransactionOptions {
  /** @default "read committed" */
  isolation?: "read committed" | "repeatable read" | "serializable";
  /** @default false */
  isReadOnly?: boolean;
}

/** A database under one identity. Statements outside a transaction are transactions of their own. */
export interface Database {
  readonly sql: SqlTag;
  /**
   * The same for the call of a function, which needs no plan worth keeping: under a caller's claims it costs one round trip
   * instead of two. A list is taken for an array there; no value may stand within quotes.
   */
  readonly call: SqlTag;
  /** Runs `work` in one transaction: all of it lands, or nothing. */
  transaction<Result>(work: (sql: SqlTag) => Promise<Result>, options?: TransactionOptions): Promise<Result>;
}
