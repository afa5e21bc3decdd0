import { betaPosterior, type OutcomeCounts } from "./betaPosterior.ts";
import type { HealingPattern, PatternState } from "./healingPattern.ts";
import { type PatternPolicy, patternPolicy } from "./patternPolicy.ts";

/** Adds outcomes and judges anew. Those of rejected and expired patterns are late: they change nothing. */
export function recordOutcome(pattern: HealingPattern, told: OutcomeCounts, policy?: PatternPolicy): HealingPattern {
  if (pattern.state.kind === "rejected" || pattern.state.kind === "expired") return pattern;
  const outcomes = {
    successes: pattern.outcomes.successes + told.successes,
    failures: pattern.outcomes.failures + told.failures,
  };
  return judgeOutcomes({ ...pattern, outcomes }, policy);
}

/** The pattern in the state that its outcomes call for. What an operator has said is not for outcomes to change. */
export function judgeOutcomes(pattern: HealingPattern, policy: PatternPolicy = patternPolicy()): HealingPattern {
  const { kind } = pattern.state;
  if (kind !== "probation" && kind !== "active" && kind !== "demoted") return pattern;
  const { lowerBound } = betaPosterior(pattern.outcomes, policy.prior);
  if (kind === "active") return lowerBound < policy.demoteBelow ? moveTo(pattern, { kind: "demoted" }) : pattern;
  const count = pattern.outcomes.successes + pattern.outcomes.failures;
  const isProven = count >= policy.minOutcomes && lowerBound >= policy.promoteAt;
  return isProven ? moveTo(pattern, { kind: "active" }) : pattern;
}

/** An operator says yes: from now on it is certain. */
export function approve(pattern: HealingPattern, decidedBy: string, reason?: string): HealingPattern {
  if (pattern.state.kind === "expired") throw illegalMove(pattern, "approve");
  return moveTo(pattern, { kind: "approved", decidedBy, ...(reason === undefined ? {} : { reason }) });
}

/** An operator says no: it is never applied, nor proposed again. */
export function reject(pattern: HealingPattern, decidedBy: string, reason?: string): HealingPattern {
  if (pattern.state.kind === "expired") throw illegalMove(pattern, "reject");
  return moveTo(pattern, { kind: "rejected", decidedBy, ...(reason === undefined ? {} : { reason }) });
}

function moveTo(pattern: HealingPattern, state: PatternState): HealingPattern {
  return { ...pattern, state };
}

function illegalMove({ id, key, targetColumn }: HealingPattern, action: string): Error {
  return new Error(`Cannot ${action} pattern ${id} ("${key}" to "${targetColumn}") as it has expired`);
}
