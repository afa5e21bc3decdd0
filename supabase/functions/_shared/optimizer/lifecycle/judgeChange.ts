import type { Sample } from "../rules/optimizerRule.ts";
import type { Measured, NamedExpectation } from "./change.ts";
import { compareBeside, compareSamples, confidence } from "./compareSamples.ts";

/** What is to be done with a change. */
export interface Verdict {
  /** `wait`: the window is not over. `extend`: a second window. */
  readonly decision: "wait" | "keep" | "revert" | "extend" | "abandon";
  readonly measured: Measured | undefined;
  readonly reason: string;
}

/** What a trial is judged by. */
export interface TrialFacts {
  readonly expected: Pick<NamedExpectation, "name" | "better">;
  readonly treated: Sample | undefined;
  readonly rest: Sample | undefined;
  /** What the same isolates showed before the change was in force. @default nothing is known */
  readonly lead?: { readonly treated: Sample | undefined; readonly rest: Sample | undefined };
  readonly isWindowOver: boolean;
  /** Windows that were begun. */
  readonly windows: number;
}

/** Where those without the change come out so many times higher or lower than before, it is not the change that is seen. */
const mostUnlike = 5;
/** So much must have been seen of each group before anything is said. */
const fewest = 30;

/** Kept when better with confidence, taken back at once when harmful; a second window when neither, and then given up. */
export function judgeTrial(facts: TrialFacts): Verdict {
  const { expected, treated, rest, lead, isWindowOver, windows } = facts;
  const isSeen = isEnough(treated, rest);
  const hasLead = lead !== undefined && isEnough(lead.treated, lead.rest);
  const at = (quantile: number) => isSeen && hasLead ? compareBeside({ treated, rest }, lead, quantile) : undefined;
  const alarm = isWindowOver ? confidence.cautious : confidence.alarmed;
  // Where nothing is known of before, what sets the groups apart now is reason enough to stop, and never to keep.
  const harm = isSeen && !hasLead ? compareSamples(treated, rest, alarm) : at(alarm);
  if (harm !== undefined && isWorse(harm, expected.better)) {
    return { decision: "revert", measured: harm, reason: `It did harm: ${tell(harm, expected.name)}` };
  }
  const measured = at(confidence.sure);
  if (!isWindowOver) return { decision: "wait", measured, reason: "The window is not over" };
  if (measured !== undefined && isBetter(measured, expected.better) && isSteady(rest, lead?.rest)) {
    return { decision: "keep", measured, reason: `It is better: ${tell(measured, expected.name)}` };
  }
  const seen = measured === undefined
    ? `too little was seen (${treated?.observations ?? 0} with it, ${rest?.observations ?? 0} without it)`
    : `no difference is certain (${tell(measured, expected.name)})`;
  return windows < 2
    ? { decision: "extend", measured, reason: `Tried for a second window as ${seen}` }
    : { decision: "abandon", measured, reason: `Given up after two windows as ${seen}` };
}

/** Is a change that was kept worse for all than what those without it had? Otherwise it stays. */
export function judgeGuard(
  facts: Omit<TrialFacts, "windows" | "lead">,
): Verdict {
  const { expected, treated, rest, isWindowOver } = facts;
  const isSeen = isEnough(treated, rest);
  const quantile = isWindowOver ? confidence.cautious : confidence.alarmed;
  const measured = isSeen ? compareSamples(treated, rest, quantile) : undefined;
  if (measured !== undefined && isWorse(measured, expected.better)) {
    const reason = `It is worse for all than it was without it: ${tell(measured, expected.name)}`;
    return { decision: "revert", measured, reason };
  }
  if (!isWindowOver) return { decision: "wait", measured, reason: "The window after it was kept is not over" };
  return { decision: "keep", measured, reason: "It stays: nothing got worse in the window after it was kept" };
}

function isEnough(treated: Sample | undefined, rest: Sample | undefined): boolean {
  return (treated?.observations ?? 0) >= fewest && (rest?.observations ?? 0) >= fewest;
}

/** A shift of everything, or an isolate that begins to measure nonsense, is nothing to keep a change for. */
function isSteady(now: Sample | undefined, before: Sample | undefined): boolean {
  if (now === undefined || before === undefined) return false;
  const [one, other] = [Math.abs(now.mean), Math.abs(before.mean)];
  return Math.max(one, other) <= mostUnlike * Math.min(one, other) || one === other;
}

function isWorse({ lower, upper }: Measured, better: "lower" | "higher"): boolean {
  return better === "lower" ? lower > 0 : upper < 0;
}

function isBetter({ lower, upper }: Measured, better: "lower" | "higher"): boolean {
  return better === "lower" ? upper < 0 : lower > 0;
}

function tell({ treated, rest, lower, upper }: Measured, name: string): string {
  return `${name} ${brief(treated)} with it and ${brief(rest)} without it, a difference of ` +
    `${brief(lower)} to ${brief(upper)}`;
}

function brief(value: number): string {
  return Number(value.toPrecision(3)).toString();
}
