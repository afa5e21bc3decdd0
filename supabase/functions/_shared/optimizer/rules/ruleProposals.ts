import { describeRule, type HealingRule } from "../../healing/rules/healingRule.ts";
import type { HealVote } from "../../healing/rules/healVote.ts";
import { mineRules, type MiningPolicy } from "../../healing/rules/mineRules.ts";
import { postgresRuleStore } from "../../healing/rules/postgresRuleStore.ts";
import { readColumnNames, readHealVotes } from "../../healing/rules/readHealVotes.ts";
import { RuleReplay } from "../../healing/rules/ruleReplay.ts";
import { ruleKnob, ruleOfKnob } from "../../healing/rules/ruleKnob.ts";
import type { HealingCounts } from "./healingCounts.ts";
import type { Proposal, RuleContext, ShadowResult } from "./optimizerRule.ts";
import { expectShare } from "./expectShare.ts";

/** Rules switched on in one run: each has a trial of its own, and trials of one measure wait for each other. */
const mostProposals = 10;
const fewestReplayed = 5;
const leastAgreement = 0.95;

/** What candidates are found in, and what the proposals say about it. */
export interface RuleFinding {
  readonly votes: readonly HealVote[];
  readonly counts: HealingCounts;
  readonly evidence: Proposal["evidence"];
  readonly policy?: MiningPolicy;
}

/** Mines rules, keeps them as candidates, and proposes to switch on those that would have saved the most. */
export async function proposeMinedRules(
  context: RuleContext,
  { votes, counts, evidence, policy = {} }: RuleFinding,
): Promise<Proposal[]> {
  const { sql } = context.database;
  const isOff = (id: string) => !context.knobs.read(ruleKnob(id));
  const columns = await readColumnNames(sql, votes.map(({ table }) => table));
  const store = postgresRuleStore(sql);
  const kept = await store.propose(await mineRules(votes, { columns, policy }), isOff);
  if (kept.length === 0) return [];
  const recent = new RuleReplay(await readHealVotes(sql, context.window), columns);
  const inForce = (await store.list()).filter(({ id, state }) => state === "candidate" && !isOff(id));
  const fixes = counts.advised + counts.deterministic;
  return kept.filter(({ id, state }) => state === "candidate" && isOff(id))
    .map((rule) => ({ rule, replayed: recent.replay(rule, inForce) }))
    .sort((one, other) => other.replayed.equally - one.replayed.equally || (one.rule.id < other.rule.id ? -1 : 1))
    .slice(0, mostProposals)
    .map(({ rule, replayed }) => {
      const before = fixes === 0 ? 0 : counts.advised / fixes;
      const saved = replayed.fixes === 0 ? 0 : replayed.equally / replayed.fixes * rule.proof.lowerBound;
      return {
        knob: ruleKnob(rule.id, ruleSummary(rule)),
        after: true,
        evidence: { ...evidence, ...evidenceOf(rule) },
        expected: expectShare(before, before * (1 - saved), fixes),
      };
    });
}

/** Proposes to switch off what was refuted: it is silent already, and its knob should say so. */
export async function proposeSilence({ database, knobs }: RuleContext): Promise<Proposal[]> {
  const rules = await postgresRuleStore(database.sql).list();
  return rules.filter(({ id, state }) => state === "demoted" && knobs.read(ruleKnob(id))).map((rule) => ({
    knob: ruleKnob(rule.id, ruleSummary(rule)),
    after: false,
    evidence: { ...evidenceOf(rule), isRefuted: true, failures: rule.outcomes.failures },
    expected: { before: 0, after: 0, lower: 0, upper: 1 },
  }));
}

/** Replays the window's fixes under a rule: how many it would have decided, and how many of them equally. */
export async function shadowRule(proposal: Proposal, { database, window, knobs }: RuleContext): Promise<ShadowResult> {
  const { sql } = database;
  const store = postgresRuleStore(sql);
  const id = ruleOfKnob(proposal.knob.name);
  const [rule] = id === undefined ? [] : await store.list([id]);
  if (rule === undefined) return { isPromising: false, findings: { reason: "there is no such rule" } };
  if (proposal.after === false) return { isPromising: true, findings: { state: rule.state } };
  const votes = await readHealVotes(sql, window);
  const columns = await readColumnNames(sql, votes.map(({ table }) => table));
  const inForce = (await store.list()).filter((each) => each.state === "candidate" && knobs.read(ruleKnob(each.id)));
  const { fixes, decided, equally, otherwise, repeated } = new RuleReplay(votes, columns).replay(rule, inForce);
  const isPromising = rule.state === "candidate" && decided >= fewestReplayed && repeated === 0 &&
    equally / decided >= leastAgreement;
  return { isPromising, findings: { fixes, decided, equally, otherwise, repeated } };
}

/** Retires the rule whose switch came to nothing. */
export async function discardRule(knob: string, { database }: RuleContext): Promise<void> {
  const id = ruleOfKnob(knob);
  if (id !== undefined) await postgresRuleStore(database.sql).retire([id]);
}

function evidenceOf(rule: HealingRule): Proposal["evidence"] {
  const { support, contradictions, tables, keys, lowerBound, sources } = rule.proof;
  const counts = { support, contradictions, tables, keys, precisionAtLeast: lowerBound };
  return { rule: describeRule(rule), ...counts, foundIn: sources.slice(0, 3).join(", ") };
}

function ruleSummary(rule: HealingRule): string {
  return `Rule of healing: ${describeRule(rule)}`.slice(0, 200);
}
