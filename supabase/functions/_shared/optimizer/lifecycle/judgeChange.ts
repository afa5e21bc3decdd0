import type { Sample } from "../rules/optimizerRule.ts";
import type { Measured, NamedExpectation } from "./change.ts";
import { compareSamples, confidence } from "./compareSamples.ts";

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
  readonly isWindowOver: boolean;
  /** Windows that were begun. */
  readonly windows: number;
}

/** So much must have been seen of each group before anything is said. */
const fewest = 30;

/** Kept when better with confidence, taken back at once when harmful; a second window when neither, and then given up. */
export function judgeTrial(facts: TrialFacts): Verdict {
  const { expected, treated, rest, isWindowOver, windows } = facts;
  const isSeen = (treated?.observations ?? 0) >= fewest && (rest?.observations ?? 0) >= fewest;
  const at = (quantile: number) => isSeen ? compareSamples(treated, rest, quantile) : undefined;
  const harm = at(isWindowOver ? confidence.cautious : confidence.alarmed);
  if (harm !== undefined && isWorse(harm, expected.better)) {
    return { decision: "revert", measured: harm, reason: `It did harm: ${tell(harm, expected.name)}` };
  }
  const measured = at(confidence.sure);
  if (!isWindowOver) return { decision: "wait", measured, reason: "The window is not over" };
  if (measured !== undefined && isBetter(measured, expected.better)) {
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
  facts: Omit<TrialFacts, "windows">,
): Verdict {
  const { expected, treated, rest, isWindowOver } = facts;
  const isSeen = (treated?.observations ?? 0) >= fewest && (rest?.observations ?? 0) >= fewest;
  const quantile = isWindowOver ? confidence.cautious : confidence.alarmed;
  const measured = isSeen ? compareSamples(treated, rest, quantile) : undefined;
  if (measured !== undefined && isWorse(measured, expected.better)) {
    const reason = `It is worse for all than it was without it: ${tell(measured, expected.name)}`;
    return { decision: "revert", measured, reason };
  }
  if (!isWindowOver) return { decision: "wait", measured, reason: "The window after it was kept is not over" };
  return { decision: "keep", measured, reason: "It stays: nothing got worse in the window after it was kept" };
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
