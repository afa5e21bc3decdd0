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

interface SplitColumns {
  readonly names: ReadonlySet<string>;
  readonly inTheirOrder: ReadonlyMap<string, readonly string[]>;
  readonly inAnyOrder: ReadonlyMap<string, readonly string[]>;
}

interface ReplayedVote extends HealVote {
  readonly words: readonly string[];
}

/** A past that rules are replayed on. Names are split once, whatever the number of rules. */
export class RuleReplay {
  readonly #votes: readonly ReplayedVote[];
  readonly #columns: ReadonlyMap<string, SplitColumns>;
  readonly #fixes: number;

  /** `columns` are those that each table has, by `schema.name`. */
  constructor(votes: readonly HealVote[], columns: ReadonlyMap<string, readonly string[]>) {
    this.#columns = new Map([...columns].map(([table, names]) => [table, splitColumns(names)]));
    this.#votes = votes.filter(({ isRight, isAdvised }) => isAdvised || !isRight)
      .map((vote) => ({ ...vote, words: ruleWordsOf(vote.key) }));
    this.#fixes = this.#votes.filter(({ isRight }) => isRight).length;
  }

  /** Replays the past under a rule, which decides where it leads to one column of the table and no other. */
  replay(rule: RuleShape, inForce: readonly RuleShape[] = []): ReplayedRule {
    const index = new RuleIndex<RuleShape>([...inForce, rule]);
    let [decided, equally, repeated] = [0, 0, 0];
    for (const vote of this.#votes) {
      const chosen = this.#choose(vote, rule, index);
      if (chosen === undefined) continue;
      if (!vote.isRight) repeated += chosen === vote.column ? 1 : 0;
      else {
        decided++;
        if (chosen === vote.column) equally++;
      }
    }
    return { fixes: this.#fixes, decided, equally, otherwise: decided - equally, repeated };
  }

  #choose({ table, key, words }: ReplayedVote, rule: RuleShape, index: RuleIndex<RuleShape>): string | undefined {
    const columns = this.#columns.get(table);
    const order = index.orderFor(table);
    if (columns === undefined || columns.names.has(key) || words.length === 0) return undefined;
    if (order === undefined && !index.touches(words)) return undefined;
    const reached = new Map<string, readonly RuleShape[]>();
    for (const [text, form] of index.formsOf(words, table)) {
      const straight = columns.inTheirOrder.get(text) ?? [];
      if (form.rules.length > 0) { for (const name of straight) if (!reached.has(name)) reached.set(name, form.rules); }
      if (order === undefined || form.words.length < 2) continue;
      for (const name of columns.inAnyOrder.get(inOrder(form.words)) ?? []) {
        if (!straight.includes(name) && !reached.has(name)) reached.set(name, [...form.rules, order]);
      }
    }
    const [[chosen, by] = [], ...others] = reached;
    return others.length === 0 && by?.includes(rule) === true ? chosen : undefined;
  }
}

function splitColumns(names: readonly string[]): SplitColumns {
  const named = names.map((name) => ({ name, words: ruleWordsOf(name) }));
  const group = (nameOf: (words: readonly string[]) => string) =>
    new Map(
      [...Map.groupBy(named, ({ words }) => nameOf(words))].map(([text, all]) => [text, all.map(({ name }) => name)]),
    );
  return { names: new Set(names), inTheirOrder: group((words) => words.join(" ")), inAnyOrder: group(inOrder) };
}
