import type { OutcomeCounts } from "./betaPosterior.ts";
import type { HealingPattern, PatternIdentity } from "./healingPattern.ts";

/** A pattern that evidence proposes. */
export interface PatternProposal extends PatternIdentity {
  readonly schemaHash: string;
}

/** Outcomes of one pattern since they were last told. */
export interface ToldOutcomes extends OutcomeCounts {
  readonly patternId: string;
}

/** Where patterns are kept for all isolates. */
export interface PatternStore {
  /** All that have not expired, or those of some tables. */
  list(filter?: { tableOids?: readonly number[] }): Promise<HealingPattern[]>;
  find(id: string): Promise<HealingPattern | undefined>;
  /** Puts new patterns on probation, and gives for each proposal the pattern that now stands for it, equals being one. */
  propose(proposals: readonly PatternProposal[]): Promise<HealingPattern[]>;
  /** Adds outcomes, of many patterns in one statement, and gives the patterns as they stand. Counts are never lost. */
  addOutcomes(told: readonly ToldOutcomes[]): Promise<HealingPattern[]>;
  /** Keeps `next` if the pattern still has the version `next` was made of; undefined where somebody was faster. */
  save(next: HealingPattern): Promise<HealingPattern | undefined>;
  /** Was a pattern approved, rejected or demoted within so many milliseconds, by anybody? */
  wereDecided(withinMs: number): Promise<boolean>;
}
