import type { ColumnSnapshot, TableSnapshot } from "../../schema/snapshot.ts";
import { describeRule, type HealingRule } from "../rules/healingRule.ts";
import type { RuleIndex } from "../rules/ruleIndex.ts";
import type { RuleShelf } from "../rules/ruleShelf.ts";
import { trustIn } from "../rules/ruleTrust.ts";
import { ruleWordsOf } from "../rules/ruleWords.ts";
import { inOrder } from "../rules/suggestRules.ts";
import type { EvidenceSource, NameOpinion, NameQuestion } from "./evidence.ts";
import { valuesFit } from "./valuesFit.ts";

interface Reached {
  readonly column: ColumnSnapshot;
  readonly rules: readonly HealingRule[];
}

/**
 * What repeated fixes have in common: the columns to which the rules in force bring a name. It answers where they lead to
 * one column of the table and no other, filled and generated ones as well, where that one is free and every value fits.
 */
export function ruleEvidence(shelf: RuleShelf): EvidenceSource {
  return {
    strategy: "rule",
    isCertain: false,
    async answer(question) {
      const index = await shelf.inForce();
      if (index.isEmpty) return [];
      const columns = columnsByWords(question.table);
      return question.names.flatMap((name) => judge(name, question, index, columns));
    },
  };
}

function judge(
  name: string,
  { table, schema, columns: free, rows }: NameQuestion,
  index: RuleIndex<HealingRule>,
  columns: ColumnsByWords,
): NameOpinion[] {
  const reached = reach(ruleWordsOf(name), `${table.schema}.${table.name}`, index, columns);
  const [first, ...others] = reached.values();
  if (first === undefined) return [];
  const alternatives = [...reached.values()].map(({ column, rules }) => ({
    column: column.name,
    rules: rules.map(({ id }) => id),
  }));
  const doubt = (
    reason: string,
  ): NameOpinion[] => [{ name, isUnsure: true, alternatives: [{ reason }, ...alternatives] }];
  if (others.length > 0) return doubt("rules lead to several columns");
  const { column, rules } = first;
  if (!free.includes(column)) return doubt("the column is taken");
  if (!valuesFit(rows, name, column, schema.snapshot)) return doubt("a value does not fit");
  const confidence = rules.reduce((product, rule) => product * trustIn(rule), 1);
  const evidence = { rules: rules.map(({ id }) => id), says: rules.map(describeRule) };
  return [{ name, column, evidence, confidence }];
}

interface ColumnsByWords {
  readonly inTheirOrder: ReadonlyMap<string, readonly ColumnSnapshot[]>;
  readonly inAnyOrder: ReadonlyMap<string, readonly ColumnSnapshot[]>;
}

function reach(
  words: readonly string[],
  table: string,
  index: RuleIndex<HealingRule>,
  { inTheirOrder, inAnyOrder }: ColumnsByWords,
): ReadonlyMap<number, Reached> {
  const reached = new Map<number, Reached>();
  if (words.length === 0) return reached;
  const order = index.orderFor(table);
  for (const [text, form] of index.formsOf(words, table)) {
    const straight = inTheirOrder.get(text) ?? [];
    // The name as it is was the convention's to judge.
    if (form.rules.length > 0) {
      for (const column of straight) {
        reached.has(column.attnum) || reached.set(column.attnum, { column, rules: form.rules });
      }
    }
    if (order === undefined || form.words.length < 2) continue;
    for (const column of inAnyOrder.get(inOrder(form.words)) ?? []) {
      if (straight.includes(column) || reached.has(column.attnum)) continue;
      reached.set(column.attnum, { column, rules: [...form.rules, order] });
    }
  }
  return reached;
}

const known = new WeakMap<TableSnapshot, ColumnsByWords>();

function columnsByWords(table: TableSnapshot): ColumnsByWords {
  let found = known.get(table);
  if (found === undefined) {
    const named = table.columns.map((column) => ({ column, words: ruleWordsOf(column.name) }));
    const group = (nameOf: (words: readonly string[]) => string) => Map.groupBy(named, ({ words }) => nameOf(words));
    const columnsOf = (groups: ReadonlyMap<string, typeof named>) =>
      new Map([...groups].map(([name, members]) => [name, members.map(({ column }) => column)]));
    found = {
      inTheirOrder: columnsOf(group((words) => words.join(" "))),
      inAnyOrder: columnsOf(group(inOrder)),
    };
    known.set(table, found);
  }
  return found;
}
