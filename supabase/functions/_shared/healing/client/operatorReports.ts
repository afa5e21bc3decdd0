import type { Row } from "../../connect/connector.ts";
import type { Heal } from "../ledger/heal.ts";
import type { HealingPattern, PatternState } from "../patterns/healingPattern.ts";

/** Who decides, and why. */
export interface OperatorNote {
  /** @default "operator" */
  by?: string;
  reason?: string;
}

/** Who decides on a pattern, and in which state they have seen it. */
export interface PatternNote extends OperatorNote {
  /** In another one by now, nothing is decided: `PATTERN_CHANGED`. @default any */
  seen?: PatternState["kind"];
}

/** Which dead letters and rescued fields to replay; all conditions hold. */
export interface ReplayFilter {
  /** Of dead letters or of rescues. */
  ids?: readonly string[];
  /** `table` or `schema.table`. */
  table?: string;
  since?: Date | string;
}

/** What came of a replay. */
export interface ReplayReport {
  /** Dead letters that have landed now. */
  readonly landed: readonly string[];
  /** Dead letters that failed again, with the code they failed with. */
  readonly stillDead: readonly { readonly id: string; readonly code: string }[];
  /** Rescues of which a field has moved to its column. */
  readonly moved: readonly { readonly id: string; readonly key: string; readonly column: string }[];
  /** Fields that have a column by now and could not move: the column is taken, the row is gone, the value does not fit. */
  readonly kept: readonly { readonly id: string; readonly key: string; readonly reason: string }[];
}

/** Why a heal was done. */
export interface HealExplanation {
  /** For a person. */
  readonly text: string;
  readonly heal: Heal;
  readonly pattern?: HealingPattern;
}

/** A row of a table, by its key or as it was given back. */
export interface ReconstructTarget {
  readonly table: string;
  readonly row: Row;
}
