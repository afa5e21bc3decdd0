import type { RuleShape } from "./healingRule.ts";
import type { HealVote } from "./healVote.ts";
import { RuleIndex } from "./ruleIndex.ts";
import { ruleWordsOf } from "./ruleWords.ts";
import { inOrder } from "./suggestRules.ts";

/** What a rule would have done. */
export interface ReplayedRule {
  /** Fixes of the advisor that stand. */
  readonly fixes: number;
  /** Those that it would have decided, with the rules in force. */
  readonly decided: number;
  readonly equally: number;
  readonly otherwise: number;
  /** Fixes that were taken back, and that it would have made again. */
  readonly repeated: number;
}

/** Replays the past under a rule, which decides where it leads to one column of the table and no other. */
export function replayRule(
  rule: RuleShape,
  votes: readonly HealVote[],
  columns: ReadonlyMap<string, readonly string[]>,
  inForce: readonly RuleShape[] = [],
): ReplayedRule {
  const index = new RuleIndex<RuleShape>([...inForce, rule]);
  let [fixes, decided, equally, repeated] = [0, 0, 0, 0];
  for (const { table, key, column, isRight, isAdvised } of votes) {
    if (isRight && !isAdvised) continue;
    if (isRight) fixes++;
    const chosen = choose(index, rule, table, key, columns.get(table) ?? []);
    if (chosen === undefined) continue;
    if (!isRight) repeated += chosen === column ? 1 : 0;
    else {
      decided++;
      if (chosen === column) equally++;
    }
  }
  return { fixes, decided, equally, otherwise: decided - equally, repeated };
}

function choose(
  index: RuleIndex<RuleShape>,
  rule: RuleShape,
  table: string,
  key: string,
  columns: readonly string[],
): string | undefined {
  const words = ruleWordsOf(key);
  if (words.length === 0 || columns.includes(key)) return undefined;
  const forms = index.formsOf(words, table);
  const order = index.orderFor(table);
  const reached = new Map<string, readonly RuleShape[]>();
  for (const name of columns) {
    const of = ruleWordsOf(name);
    const straight = forms.get(of.join(" "));
    if (straight !== undefined) {
      if (straight.rules.length > 0) reached.set(name, straight.rules);
    } else if (order !== undefined && of.length > 1) {
      const form = [...forms.values()].find((each) => inOrder(each.words) === inOrder(of));
      if (form !== undefined) reached.set(name, [...form.rules, order]);
    }
  }
  const [[chosen, by] = [], ...others] = reached;
  return others.length === 0 && by?.includes(rule) === true ? chosen : undefined;
}
