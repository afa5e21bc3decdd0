import type { Match, Row, Selection, TableRef } from "../../connect/connector.ts";
import type { DiagnosisContext } from "../diagnosis/diagnosisContext.ts";

/** A statement as it was asked for. */
export interface WriteCall {
  readonly operation: Exclude<DiagnosisContext["operation"], "rpc">;
  readonly table: TableRef;
  /** The rows of an insert or an upsert, the one patch of an update; none for others. */
  readonly rows: readonly Row[];
  readonly conflictColumns?: readonly string[];
  readonly match?: Match;
  readonly selection?: Selection;
}

/** The shape of a row: its keys in their order. */
export function keyShapeOf(row: Row): string {
  const keys = Object.keys(row);
  return keys.length === 1 ? keys[0]! : keys.join("\0");
}
