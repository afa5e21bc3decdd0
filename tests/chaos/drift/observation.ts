/** What is in the database after a drift, and what the caller was told; texts are canonical. */
export interface Observation {
  /** The table's rows by column; none where the table is gone. */
  readonly rows: readonly Readonly<Record<string, string | null>>[];
  /** How many rows are in tables that nothing was meant for. */
  readonly strayRows: number;
  /** JSON texts of payloads that are kept as dead letters, each with what else its call was told. */
  readonly letters: readonly { readonly payload: string; readonly argumentsText: string }[];
  /** What a row's payloads are rebuilt to, by the row's key; only what is exact. */
  readonly rebuilt: ReadonlyMap<string, readonly string[]>;
  /** What each call's rows were said to have come to, in the calls' order. */
  readonly told: readonly (readonly ToldFate[])[];
}

/** What the caller was told of a row. */
export type ToldFate = "landed" | "dead letter" | "failed";
