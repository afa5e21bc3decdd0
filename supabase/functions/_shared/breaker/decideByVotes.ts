import type { CircuitRules } from "./circuitOptions.ts";
import type { CircuitVote } from "./circuitStore.ts";

/**
 * Is the dependency down for the whole fleet? Enough isolates must see it fail, they must be at least half of those that
 * said anything, and enough calls must have failed among them. One isolate alone never decides for the others, and one
 * that doubts itself does not count.
 */
export function isDownByVotes(votes: readonly CircuitVote[], epoch: number, rules: CircuitRules): boolean {
  const heard = votes.filter((vote) => vote.epoch === epoch && !vote.isDoubtful && vote.calls > 0);
  const failing = heard.filter(({ calls, failures }) => failures > rules.errorShare * calls);
  if (failing.length < rules.quorum || failing.length * 2 < heard.length) return false;
  const calls = sum(heard, "calls");
  const failures = sum(heard, "failures");
  return calls >= rules.minCalls && failures > rules.errorShare * calls;
}

/** Does the way back fail? Any isolate's word counts here, and no volume is asked for: the circuit has just been open. */
export function isFallingBack(votes: readonly CircuitVote[], epoch: number, rules: CircuitRules): boolean {
  const heard = votes.filter((vote) => vote.epoch === epoch && !vote.isDoubtful);
  return sum(heard, "failures") > rules.errorShare * sum(heard, "calls");
}

function sum(votes: readonly CircuitVote[], key: "calls" | "failures"): number {
  return votes.reduce((total, vote) => total + vote[key], 0);
}
