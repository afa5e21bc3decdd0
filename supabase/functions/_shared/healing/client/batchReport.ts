import type { ResilientDbError } from "./resilientDbError.ts";

/** What became of a row. */
export type RowFate =
  /** It landed as it was sent. */
  | "applied"
  /** It landed, healed: every field in a column. */
  | "healed"
  /** It landed, with fields set aside. */
  | "rescued"
  /** It is kept as a dead letter. */
  | "deadLettered"
  /** Neither landed nor kept: the database, or the caller's rights, did not allow for either. */
  | "failed";

/** One row's end. */
export interface BatchRow {
  readonly index: number;
  readonly fate: RowFate;
  readonly error?: ResilientDbError;
}

/** What came of a batch; counts add up to the rows that were given. */
export interface BatchReport {
  readonly applied: number;
  readonly healed: number;
  readonly rescued: number;
  readonly deadLettered: number;
  readonly failed: number;
  /** In the order in which the rows were given. */
  readonly rows: readonly BatchRow[];
}

/** How a batch is written. */
export interface BatchOptions {
  /** Rows a statement. @default the knob's: 500; always 500 under a key */
  chunkSize?: number;
  /** Run twice under it, each row has its effect once, and the second call gets the first one's report. */
  idempotencyKey?: string;
  /** Hears after each chunk. What it throws is not heard. */
  onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
  signal?: AbortSignal;
}
