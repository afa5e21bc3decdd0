/** How a claim on a key stands. */
export type TransactionClaim =
  /** It is this transaction's: run. */
  | { readonly kind: "run"; readonly xid: string }
  /** It has run before, with this result as JSON text (null where it left none). */
  | { readonly kind: "done"; readonly result: string | null; readonly xid: string }
  /** The key belongs to another request. */
  | { readonly kind: "reused" };

/** What has become of a transaction. `unknown` once it is too long ago for Postgres to tell. */
export type TransactionFate = "committed" | "aborted" | "in progress" | "unknown";

/** A key of a caller. */
export interface TransactionKey {
  /** What the key is for, besides the caller, whom the database adds by itself. */
  readonly scope: string;
  readonly key: string;
}

/** Transactions by key; a log exists if and only if its transaction committed. */
export interface TransactionLog {
  /** Claims a key within the transaction, waiting for another one that holds it. */
  claim(key: TransactionKey, options?: { requestHash?: string; keepMs?: number }): Promise<TransactionClaim>;
  /** Keeps the result, within the transaction that claimed the key. */
  finish(key: TransactionKey, resultText: string | null): Promise<void>;
  /** The id of the transaction, to ask for its fate once the connection was lost. */
  currentXid(): Promise<string>;
  /** What has become of a transaction; asked outside it. */
  fateOf(xid: string): Promise<TransactionFate>;
}
