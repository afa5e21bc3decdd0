import type { OutcomeCounts } from "../patterns/betaPosterior.ts";
import type { HealingRule, MinedRule } from "./healingRule.ts";

/** What came of a rule's heals since it was last told. */
export interface RuleOutcomes extends OutcomeCounts {
  readonly ruleId: string;
}

/** Where rules are kept for all isolates. */
export interface RuleStore {
  /** Those of the given ids, or all that are not retired: at most 500, the best proven first. */
  list(ids?: readonly string[]): Promise<HealingRule[]>;
  /**
   * Keeps rules that were found, and gives the candidates among them. One that was refuted may begin anew where `isRevivable`
   * says so; one that was retired, where more speaks for it than then as well.
   */
  propose(rules: readonly MinedRule[], isRevivable: (id: string) => boolean): Promise<HealingRule[]>;
  /** Adds outcomes, and gives the rules as they stand. */
  addOutcomes(told: readonly RuleOutcomes[]): Promise<HealingRule[]>;
  /** Silences rules for good, and the patterns that they founded. Gives how many it silenced. */
  demote(ids: readonly string[]): Promise<number>;
  retire(ids: readonly string[]): Promise<void>;
  /** The rules that brought a key of a table to a column. */
  behind(heal: { readonly tableOid: number; readonly key: string; readonly column: string }): Promise<string[]>;
}
