import { stableFraction } from "../random/stableHash.ts";
import type { FeatureFlag } from "./featureFlag.ts";

/** The part of a flag that decides. */
export type FlagRule = Pick<
  FeatureFlag,
  "name" | "isEnabled" | "rolloutPercent" | "allowedSubjects" | "deniedSubjects"
>;

/**
 * Is the flag on for this subject? Sticky: a subject's place in a flag never changes, so growing the share keeps
 * everyone who was in. Without a subject a flag is on only once it is on for everyone.
 */
export function evaluateFlag(flag: FlagRule, subject: string | undefined): boolean {
  if (!flag.isEnabled) return false;
  if (subject === undefined) return flag.rolloutPercent === 100 && flag.deniedSubjects.length === 0;
  if (flag.deniedSubjects.includes(subject)) return false;
  if (flag.allowedSubjects.includes(subject)) return true;
  return stableFraction(`flag:${flag.name}`, subject) * 100 < flag.rolloutPercent;
}
