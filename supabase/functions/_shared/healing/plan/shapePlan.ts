import type { CoercionColumn } from "../coercion/coercion.ts";
import type { HealDraft } from "./healDraft.ts";

/** The column that a key goes to. */
export interface PlannedName {
  readonly column: string;
  /** What the column takes: a value that would be changed by it does not go there. */
  readonly target: CoercionColumn;
  /**
   * Is it the column's own former name, or an operator's word? Then a value that does not fit is one for that column;
   * otherwise it speaks against the match, and is set aside.
   */
  readonly isCertain: boolean;
}

/**
 * What is done to payloads of one key shape before they are sent: compiled once for a state of the schema, applied to each
 * row from then on. Pure data; {@linkcode applyPlan} does it.
 */
export interface ShapePlan {
  /** Keys that no column is named for, and the column each goes to. */
  readonly names: ReadonlyMap<string, PlannedName>;
  /** Keys that are set aside. */
  readonly rescued: ReadonlySet<string>;
  /** Keys whose objects are laid out over columns. */
  readonly flattened: ReadonlySet<string>;
  /** Keys that are gathered into JSON columns. */
  readonly nested: ReadonlySet<string>;
  /** Columns whose values are made to fit, where they do not fit as they are. */
  readonly coerced: ReadonlyMap<string, CoercionColumn>;
  /** Columns that fill themselves: `null` is left out, and whatever is sent for a `generated` one. */
  readonly omitted: ReadonlyMap<string, "null" | "generated">;
  /** What was found out, for the ledger and for those who call. */
  readonly heals: readonly HealDraft[];
}

/** Nothing is done. */
export const emptyPlan: ShapePlan = {
  names: new Map(),
  rescued: new Set(),
  flattened: new Set(),
  nested: new Set(),
  coerced: new Map(),
  omitted: new Map(),
  heals: [],
};
