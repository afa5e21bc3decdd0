import { holdLookalikes, isSlip } from "./isSlip.ts";
import type { NameProfile } from "./nameProfile.ts";
import { compareTokens, type NameToken } from "./nameToken.ts";
import { type PairFeatures, readFeature } from "./pairFeatures.ts";

/** Why a key is matched or not. */
export type MatchDecision =
  | "identical"
  | "match"
  | "no candidate"
  | "opposite names"
  | "qualified name"
  | "other words"
  | "sibling names"
  | "names say nothing"
  | "former name"
  /** The name tells; whoever can make values fit may still find that they do. */
  | "values do not fit"
  | "low confidence"
  | "low margin";

/** From this share of common values on, values alone may carry a match between names that say nothing. */
const overwhelmingOverlap = 0.8;

const leastNameEvidence = 0.3;
const alikeWords = 0.6;
const leastImportance = 0.2;
/** Of two equal words each weighs a half; what the whole of a table shares weighs a third of that or less. */
const leastWeight = 0.25;

/** Decides on one assigned pair: a match, or the reason to abstain. A wrong heal is worse than a rescue. */
export function decideMatch(
  features: PairFeatures,
  names: { readonly source: NameProfile; readonly target: NameProfile },
  confidence: number,
  margin: number,
  { minConfidence, minMargin }: { readonly minConfidence: number; readonly minMargin: number },
): MatchDecision {
  const nameEvidence = Math.max(readFeature(features, "alignment"), readFeature(features, "grams"));
  const isOverwhelming = readFeature(features, "wholes") >= overwhelmingOverlap;
  if (nameEvidence < leastNameEvidence && !isOverwhelming) return "names say nothing";
  // near-twins: billing for shipping, updated for created, old price for price
  if (readFeature(features, "conflict") > 0) return "opposite names";
  if (readFeature(features, "oneSided") > 0) return "qualified name";
  // whatever the values: stages and states may well be called alike
  if (holdLookalikes(names.source, names.target)) return "other words";
  const refusal = isOverwhelming ? undefined : compareCoverage(names.source, names.target);
  if (refusal !== undefined) return refusal;
  if (!(confidence >= minConfidence)) return "low confidence";
  if (!(margin >= minMargin)) return "low margin";
  return "match";
}

/** Refuses names whose words do not cover each other well enough to mean the same for certain. */
function compareCoverage(source: NameProfile, target: NameProfile): MatchDecision | undefined {
  if (source.squashed === target.squashed) return undefined;
  if (source.squashed === target.initials || target.squashed === source.initials) return undefined;
  const restOfSource = wordsWithoutPartner(source, target);
  const restOfTarget = wordsWithoutPartner(target, source);
  // "city id" is not a city, nor "tax rate" a tax, near as the names may be
  if ([...restOfSource, ...restOfTarget].some((word) => word.isAttribute)) return "qualified name";
  if (isSlip(source, target)) return undefined;
  // both names hold a word that the other lacks: order date for ship date, whatever the words are
  if (restOfSource.length > 0 && restOfTarget.length > 0) return "sibling names";
  // an image has one partner in a cover image, and a lover none
  if (holdUnpaired(source, target)) return "sibling names";
  const rest = [...restOfSource, ...restOfTarget];
  if (rest.length === 0) return undefined;
  // "floor area" is not a floor: the last word, the noun, must have its partner unless it is a generic one
  if (rest.some((word) => !word.isGeneric && (word === source.tokens.at(-1) || word === target.tokens.at(-1)))) {
    return "sibling names";
  }
  // "item name" is not "name", "order date" not "date", yet "phone number" is "phone"
  const isSpecific = source.tokens.some((mine) =>
    !mine.isGeneric && target.tokens.some((theirs) => !theirs.isGeneric && compareTokens(mine, theirs) >= alikeWords)
  );
  return isSpecific ? undefined : "qualified name";
}

/** Whether both names still hold a word that counts when each word may have one partner alone, the likest first. */
function holdUnpaired(source: NameProfile, target: NameProfile): boolean {
  const pairs = source.tokens.flatMap((mine) =>
    target.tokens.map((theirs) => ({ mine, theirs, likeness: compareTokens(mine, theirs) }))
  );
  const paired = new Set<NameToken>();
  for (const { mine, theirs, likeness } of pairs.sort((one, other) => other.likeness - one.likeness)) {
    if (likeness < alikeWords || paired.has(mine) || paired.has(theirs)) continue;
    paired.add(mine).add(theirs);
  }
  const isLeft = (word: NameToken) => !paired.has(word) && word.importance >= leastImportance;
  return source.tokens.some(isLeft) && target.tokens.some(isLeft);
}

/** The words that count and have no counterpart; a prefix that the whole table shares does not count. */
function wordsWithoutPartner(name: NameProfile, other: NameProfile): NameToken[] {
  return name.tokens.filter((word, at) =>
    word.importance >= leastImportance && name.weights[at]! >= leastWeight &&
    !other.tokens.some((theirs) => compareTokens(word, theirs) >= alikeWords)
  );
}

/** Refuses thresholds outside of 0..1. */
export function validateThresholds(minConfidence: number, minMargin: number): void {
  for (const [name, value] of Object.entries({ minConfidence, minMargin })) {
    if (!(value >= 0 && value <= 1)) {
      throw new RangeError(`Cannot match columns as '${name}' must be from 0 to 1: current value is ${value}`);
    }
  }
}
