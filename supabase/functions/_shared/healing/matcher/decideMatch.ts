import type { NameProfile } from "./nameProfile.ts";
import { compareTokens } from "./nameToken.ts";
import { type PairFeatures, readFeature } from "./pairFeatures.ts";

/** Why a key is matched or not. */
export type MatchDecision =
  | "identical"
  | "match"
  | "no candidate"
  | "opposite names"
  | "qualified name"
  | "sibling names"
  | "names say nothing"
  | "low confidence"
  | "low margin";

/** From this share of common values on, values alone may carry a match between names that say nothing. */
const overwhelmingOverlap = 0.8;

const leastNameEvidence = 0.3;
const leastContainment = 0.7;
const alikeWords = 0.7;
const fullAlignment = 0.8;

/** Decides on one assigned pair: a match, or the reason to abstain. A wrong heal is worse than a rescue. */
export function decideMatch(
  features: PairFeatures,
  names: { readonly source: NameProfile; readonly target: NameProfile },
  confidence: number,
  margin: number,
  { minConfidence, minMargin }: { readonly minConfidence: number; readonly minMargin: number },
): MatchDecision {
  // near-twins: billing for shipping, updated for created, old price for price
  if (readFeature(features, "conflict") > 0) return "opposite names";
  if (readFeature(features, "oneSided") > 0) return "qualified name";
  const nameEvidence = Math.max(readFeature(features, "alignment"), readFeature(features, "grams"));
  const isOverwhelming = readFeature(features, "wholes") >= overwhelmingOverlap;
  if (nameEvidence < leastNameEvidence && !isOverwhelming) return "names say nothing";
  // both names hold a word that the other lacks: order date for ship date, whatever the words are
  if (readFeature(features, "containment") < leastContainment && !isOverwhelming) return "sibling names";
  // "item name" is not "name", "order date" not "date", yet "phone number" is "phone"
  if (readFeature(features, "alignment") < fullAlignment && !sharesSpecificWord(names.source, names.target)) {
    return "qualified name";
  }
  // "floor area" is not a floor: the last word, the noun, must have its partner unless it is a generic one
  const haveHeads = hasPartneredHead(names.source, names.target) && hasPartneredHead(names.target, names.source);
  if (!haveHeads && !isOverwhelming) return "sibling names";
  if (!(confidence >= minConfidence)) return "low confidence";
  if (!(margin >= minMargin)) return "low margin";
  return "match";
}

function sharesSpecificWord(source: NameProfile, target: NameProfile): boolean {
  return source.tokens.some((mine) =>
    !mine.isGeneric && target.tokens.some((theirs) => !theirs.isGeneric && compareTokens(mine, theirs) >= alikeWords)
  );
}

function hasPartneredHead(name: NameProfile, other: NameProfile): boolean {
  const head = name.tokens.at(-1);
  if (head === undefined || head.isGeneric || name.squashed === other.squashed) return true;
  return other.tokens.some((token) => compareTokens(head, token) >= alikeWords);
}

/** Refuses thresholds outside of 0..1. */
export function validateThresholds(minConfidence: number, minMargin: number): void {
  for (const [name, value] of Object.entries({ minConfidence, minMargin })) {
    if (!(value >= 0 && value <= 1)) {
      throw new RangeError(`Cannot match columns as '${name}' must be from 0 to 1: current value is ${value}`);
    }
  }
}
