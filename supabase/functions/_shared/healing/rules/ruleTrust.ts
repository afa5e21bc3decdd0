import { betaPosterior } from "../patterns/betaPosterior.ts";
import type { HealingRule } from "./healingRule.ts";
import type { RuleOutcomes, RuleStore } from "./ruleStore.ts";

/** A rule is silenced once its bound falls below this, as patterns are; a whole key, which begins at 0.8, below that. */
const demoteBelow = 0.8;
const demoteKeyBelow = 0.7;

/** So many times of being right count, and no more: who has been right ten thousand times goes at the third failure as well. */
const mostCredit = 30;

/** The share a rule gets right is above this with a probability of 95 %, by the past and by what came of its own heals. */
export function trustIn({ proof, outcomes }: HealingRule): number {
  const right = proof.support + outcomes.successes;
  const scale = Math.min(1, mostCredit / Math.max(1, right));
  const failures = proof.contradictions * scale + outcomes.failures;
  return betaPosterior({ successes: right * scale, failures }).lowerBound;
}

/** Does what came of it speak against it? */
export function isRefuted(rule: HealingRule): boolean {
  return trustIn(rule) < (rule.kind === "key" ? demoteKeyBelow : demoteBelow);
}

/** Tells what came of rules' heals, and silences those that are refuted by it. Gives their ids. */
export async function learnRules(store: RuleStore, told: readonly RuleOutcomes[]): Promise<string[]> {
  const rules = await store.addOutcomes(told);
  const refuted = rules.filter((rule) => rule.state === "candidate" && isRefuted(rule)).map(({ id }) => id);
  await store.demote(refuted);
  return refuted;
}

/** Tells the rules that brought a key to a column, by themselves or by a pattern they founded, that it was wrong. */
export async function refuteRules(store: RuleStore, heal: Parameters<RuleStore["behind"]>[0]): Promise<string[]> {
  const ids = await store.behind(heal);
  return ids.length === 0 ? [] : await learnRules(store, ids.map((ruleId) => ({ ruleId, successes: 0, failures: 1 })));
}
