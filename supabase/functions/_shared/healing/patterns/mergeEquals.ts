import { type HealingPattern, patternKey } from "./healingPattern.ts";
import { judgeOutcomes } from "./patternTransitions.ts";
import type { PatternPolicy } from "./patternPolicy.ts";

// An operator's no weighs more than an operator's yes: a wrong heal is worse than a rescue.
const precedence = ["rejected", "approved", "active", "demoted", "probation", "expired"];

/**
 * Makes one of patterns that say the same, whoever proposed them: outcomes are added up, an operator's word stands, and
 * otherwise the sum is judged. Expired ones are left apart. The order is that of first appearance.
 */
export function mergeEquals(patterns: readonly HealingPattern[], policy?: PatternPolicy): HealingPattern[] {
  const merged = new Map<string, HealingPattern>();
  for (const pattern of patterns) {
    const key = pattern.state.kind === "expired" ? `expired ${pattern.id}` : patternKey(pattern);
    const other = merged.get(key);
    merged.set(key, other === undefined || other.id === pattern.id ? pattern : mergeTwo(other, pattern, policy));
  }
  return [...merged.values()];
}

function mergeTwo(one: HealingPattern, other: HealingPattern, policy?: PatternPolicy): HealingPattern {
  const rank = ({ state }: HealingPattern) => precedence.indexOf(state.kind);
  const [kept, lost] = rank(one) <= rank(other) ? [one, other] : [other, one];
  const outcomes = {
    successes: kept.outcomes.successes + lost.outcomes.successes,
    failures: kept.outcomes.failures + lost.outcomes.failures,
  };
  return judgeOutcomes({ ...kept, outcomes }, policy);
}
