import type { Fact } from "./fact.ts";
import type { IncidentCost, OpenEnd } from "./incident.ts";

/** Adds up what facts cost: time waited, answers and writes lost or put off, and money for models. */
export function incidentCost(facts: readonly Fact[]): IncidentCost {
  const count = (kind: Fact["kind"], amount = (fact: Fact) => fact.occurrences) =>
    facts.reduce((sum, fact) => fact.kind === kind ? sum + amount(fact) : sum, 0);
  return {
    waitedMs: Math.round(facts.reduce((sum, fact) => sum + fact.costMs, 0)),
    failures: count("failure"),
    deadLetters: count("dead_letter"),
    rescuedFields: count("rescue", ({ detail, occurrences }) => Number(detail.fields ?? occurrences)),
    sheds: count("shed"),
    fallbacks: count("fallback"),
    retries: count("retry"),
    heals: count("heal"),
    aiCalls: count("ai_call"),
    aiTokens: count("ai_call", ({ detail }) => Number(detail.tokens ?? 0)),
    aiMicroUsd: count("ai_call", ({ detail }) => Number(detail.microUsd ?? 0)),
  };
}

/** What a person would mind most counts most: writes that are lost until somebody acts, then callers who got an error. */
const weights = {
  openLetter: 100,
  openCircuit: 50,
  failure: 50,
  deadLetter: 30,
  openField: 5,
  shed: 3,
  fallback: 2,
  retry: 1,
  heal: 0.5,
  waitedSecond: 1,
  usd: 10,
} as const;

/** How bad an incident was, as one number to rank by. */
export function harmOf(cost: IncidentCost, open: readonly OpenEnd[]): number {
  const still = (what: OpenEnd["what"]) => open.reduce((sum, end) => end.what === what ? sum + end.count : sum, 0);
  const harm = still("dead_letters") * weights.openLetter +
    (still("circuit") + still("isolate")) * weights.openCircuit +
    still("rescued_fields") * weights.openField + cost.failures * weights.failure +
    cost.deadLetters * weights.deadLetter + cost.sheds * weights.shed + cost.fallbacks * weights.fallback +
    cost.retries * weights.retry + cost.heals * weights.heal + cost.waitedMs / 1000 * weights.waitedSecond +
    cost.aiMicroUsd / 1e6 * weights.usd;
  return Math.round(harm * 10) / 10;
}
