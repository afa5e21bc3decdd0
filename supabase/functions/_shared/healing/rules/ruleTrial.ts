import type { HealVote } from "./healVote.ts";
import type { RuleShape } from "./healingRule.ts";
import { applyRule, placeOf, RuleIndex } from "./ruleIndex.ts";
import { isReordered } from "./suggestRules.ts";

/** A vote with its names split. */
export interface SplitVote extends HealVote {
  readonly keyWords: readonly string[];
  readonly columnWords: readonly string[];
  readonly keyText: string;
  readonly columnText: string;
}

/** What a rule makes of a vote. */
export type TrialResult = "right" | "wrong" | "silent";

/** The columns that are known of each table, by their words. */
export type KnownColumns = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Tries a rule, which is in the index with those found before it, on what is known to have happened. It is right where it explains the column, wrong where it would have sent
 * the key elsewhere or speaks for a mapping that was taken back, and silent where other rules would have to speak as well.
 */
export function tryRule(
  rule: RuleShape,
  vote: SplitVote,
  index: RuleIndex<RuleShape>,
  columns: KnownColumns,
): TrialResult {
  const { columnWords, columnText, table, isRight } = vote;
  if (rule.table !== undefined && rule.table !== table) return "silent";
  if (rule.kind === "order") return tryOrder(vote, columns);
  if (rule.kind === "word") {
    const isAsked = applyRule(rule, vote.keyWords) !== undefined || namesMadeBy(rule, vote, index).size > 0;
    if (!isAsked) return "silent";
    // The rest of the name may take other rules: a word speaks for itself.
    const isMeant = placeOf(rule.to.split(" "), columnWords) !== -1;
    const isKept = placeOf(rule.from.split(" "), columnWords) !== -1;
    if (isMeant && !isKept) return isRight ? "right" : "wrong";
    return isRight ? "wrong" : "silent";
  }
  const made = namesMadeBy(rule, vote, index);
  if (made.size === 0) return "silent";
  if (made.has(columnText)) return isRight ? "right" : "wrong";
  if (!isRight) return "silent";
  if (rule.kind === "key") return "wrong";
  const isElsewhere = [...made].some((name) => columns.get(table)?.has(name) === true);
  const keepsIt = rule.from !== "" && columnText.split(" ").length > 1 && applyRule(rule, columnWords) !== undefined;
  return isElsewhere || keepsIt ? "wrong" : "silent";
}

/** The names to which the key comes by way of the rule. */
function namesMadeBy(rule: RuleShape, { keyWords, table }: SplitVote, index: RuleIndex<RuleShape>): Set<string> {
  const made = new Set<string>();
  for (const [name, { rules }] of index.formsOf(keyWords, table)) if (rules.includes(rule)) made.add(name);
  return made;
}

function tryOrder(
  { keyWords, columnWords, columnText, table, isRight }: SplitVote,
  columns: KnownColumns,
): TrialResult {
  if (keyWords.length < 2) return "silent";
  if (isReordered(keyWords, columnWords)) return isRight ? "right" : "wrong";
  if (!isRight) return "silent";
  const isElsewhere = [...columns.get(table) ?? []].some((name) =>
    name !== columnText && isReordered(keyWords, name.split(" "))
  );
  return isElsewhere ? "wrong" : "silent";
}
