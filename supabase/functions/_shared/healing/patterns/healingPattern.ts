import type { OutcomeCounts } from "./betaPosterior.ts";

/** What a pattern says: in this table this key, as it is sent, belongs in this column. */
export interface PatternIdentity {
  readonly tableOid: number;
  readonly tableSchema: string;
  readonly tableName: string;
  /** The key as it is sent, to the letter. */
  readonly key: string;
  readonly targetAttnum: number;
  readonly targetColumn: string;
  /** Which evidence proposed it. Two that differ in this alone say the same. */
  readonly strategy: string;
  /** What has to be done to the value on its way, by the coercion's own name. */
  readonly coercion: string | null;
}

/**
 * How far a pattern is trusted.
 * - `probation`: seen, not yet proven. Never applied by itself.
 * - `active`: proven by outcomes; applied before the first attempt.
 * - `demoted`: was refuted too often; as `probation`, and it takes the full proof to come back.
 * - `rejected`: an operator said no. For good, unless one approves.
 * - `expired`: the schema it spoke of is gone. For good.
 * - `approved`: an operator said yes: certain, whatever outcomes say.
 */
export type PatternState =
  | { readonly kind: "probation" | "active" | "demoted" }
  | { readonly kind: "rejected" | "approved"; readonly decidedBy: string; readonly reason?: string }
  | { readonly kind: "expired"; readonly reason: string };

/** A mapping that healing has learned, with what speaks for it. */
export interface HealingPattern extends PatternIdentity {
  readonly id: string;
  /** The schema it was last found to hold for. */
  readonly schemaHash: string;
  readonly state: PatternState;
  readonly outcomes: OutcomeCounts;
  /** Grows with each change: whoever decides on an old one does not count. */
  readonly version: number;
}

/** What makes two patterns equal: the same key to the same column by the same way, whoever proposed it. */
export function patternKey(pattern: PatternIdentity): string {
  return JSON.stringify([pattern.tableOid, pattern.key, pattern.targetAttnum, pattern.coercion]);
}

/** May the pattern be applied without any other evidence? */
export function isApplied({ state }: HealingPattern): boolean {
  return state.kind === "active" || state.kind === "approved";
}
