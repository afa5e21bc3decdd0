import type { Match, Row, TableRef } from "../../connect/connector.ts";
import type { SchemaSnapshot } from "../../schema/snapshot.ts";

/** What was tried when a failure came. */
export interface DiagnosisContext {
  readonly operation: "insert" | "upsert" | "update" | "delete" | "select" | "rpc";
  /** The table, or the function that was called. */
  readonly table: TableRef;
  /** What was written: the rows, an update's patch, a call's arguments; none for others. */
  readonly rows: readonly Row[];
  /** What an upsert says that makes two rows the same. */
  readonly conflictColumns?: readonly string[];
  /** What the rows of an update, a delete or a select must match. */
  readonly match?: Match;
  /** The columns that a select reads or sorts by. */
  readonly readColumns?: readonly string[];
  readonly snapshot: SchemaSnapshot;
}
