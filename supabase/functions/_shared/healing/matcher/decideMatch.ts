import { type PairFeatures, readFeature } from "./pairFeatures.ts";

/** Why a key is matched or not. */
export type MatchDecision =
  | "identical"
  | "match"
  | "no candidate"
  | "opposite names"
  | "qualified name"
  | "names say nothing"
  | "low confidence"
  | "low margin";

/** From this share of common values on, values alone may carry a match between names that say nothing. */
const overwhelmingOverlap = 0.8;

const leastNameEvidence = 0.3;

/** Decides on one assigned pair: a match, or the reason to abstain. A wrong heal is worse than a rescue. */
export function decideMatch(
  features: PairFeatures,
  confidence: number,
  margin: number,
  { minConfidence, minMargin }: { readonly minConfidence: number; readonly minMargin: number },
): MatchDecision {
  // near-twins: billing for shipping, updated for created, old price for price
  if (readFeature(features, "conflict") > 0) return "opposite names";
  if (readFeature(features, "oneSided") > 0) return "qualified name";
  const nameEvidence = Math.max(readFeature(features, "alignment"), readFeature(features, "grams"));
  if (nameEvidence < leastNameEvidence && readFeature(features, "wholes") < overwhelmingOverlap) {
    return "names say nothing";
  }
  if (!(confidence >= minConfidence)) return "low confidence";
  if (!(margin >= minMargin)) return "low margin";
  return "match";
}

/** Refuses thresholds outside of 0..1. */
export function validateThresholds(minConfidence: number, minMargin: number): void {
  for (const [name, value] of Object.entries({ minConfidence, minMargin })) {
    if (!(value >= 0 && value <= 1)) {
      throw new RangeError(`Cannot match columns as '${name}' must be from 0 to 1: current value is ${value}`);
    }
  }
}
