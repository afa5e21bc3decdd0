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

/** Two names, and what else is in the table. */
export interface ComparedNames {
  readonly source: NameProfile;
  readonly target: NameProfile;
  /** Stems of the columns whose name is one word. */
  readonly columnWords: ReadonlySet<string>;
}

/** Decides on one assigned pair: a match, or the reason to abstain. A wrong heal is worse than a rescue. */
export function decideMatch(
  features: PairFeatures,
  names: ComparedNames,
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
  // values carry names that have nothing in common; where they have, it counts in what they differ
  const refusal = nameEvidence < leastNameEvidence ? undefined : compareCoverage(names);
  if (refusal !== undefined) return refusal;
  if (!(confidence >= minConfidence)) return "low confidence";
  if (!(margin >= minMargin)) return "low margin";
  return "match";
}

/** Refuses names whose words do not cover each other well enough to mean the same for certain. */
function compareCoverage({ source, target, columnWords }: ComparedNames): MatchDecision | undefined {
  if (source.squashed === target.squashed) return undefined;
  if (source.squashed === target.initials || target.squashed === source.initials) return undefined;
  const left = pairWords(source, target);
  const [restOfSource, restOfTarget] = [left.ofSource.filter(weighs), left.ofTarget.filter(weighs)];
  // "city id" is not a city, nor "tax rate" a tax, near as the names may be
  if ([...restOfSource, ...restOfTarget].some(({ word }) => word.isAttribute)) return "qualified name";
  if (isSlip(source, target)) return undefined;
  // both names hold a word that the other lacks: order date for ship date, whatever the words are
  if (left.ofSource.length > 0 && left.ofTarget.length > 0) return "sibling names";
  const rest = [...restOfSource, ...restOfTarget].map(({ word }) => word);
  if (rest.length === 0) return undefined;
  // the currency of labels, where there is a column of labels, is not the currency
  if (restOfSource.some(({ word }) => columnWords.has(word.stem))) return "qualified name";
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

interface LeftWord {
  readonly word: NameToken;
  readonly weight: number;
  readonly isLast: boolean;
}

/** A prefix that the whole table shares does not count; the last word, the noun, does however many share it. */
const weighs = ({ weight, isLast }: LeftWord) => isLast || weight >= leastWeight;

/**
 * The words that count and are left when each has one partner at most, the likest first: an image has one in a cover
 * image, a lover none, and a "reference id" is one word more than a reference, though both mean an id.
 */
function pairWords(source: NameProfile, target: NameProfile) {
  const pairs = source.tokens.flatMap((mine, at) =>
    target.tokens.map((theirs, place) => ({ at, place, likeness: compareTokens(mine, theirs) }))
  );
  const [ofSource, ofTarget] = [wordsOf(source), wordsOf(target)];
  for (const { at, place, likeness } of pairs.sort((one, other) => other.likeness - one.likeness)) {
    if (likeness < alikeWords || !ofSource.has(at) || !ofTarget.has(place)) continue;
    ofSource.delete(at);
    ofTarget.delete(place);
  }
  const counts = ({ word }: LeftWord) => word.importance >= leastImportance;
  return { ofSource: [...ofSource.values()].filter(counts), ofTarget: [...ofTarget.values()].filter(counts) };
}

function wordsOf({ tokens, weights }: NameProfile): Map<number, LeftWord> {
  return new Map(tokens.map((word, at) => [at, { word, weight: weights[at]!, isLast: at === tokens.length - 1 }]));
}

/** Refuses thresholds outside of 0..1. */
export function validateThresholds(minConfidence: number, minMargin: number): void {
  for (const [name, value] of Object.entries({ minConfidence, minMargin })) {
    if (!(value >= 0 && value <= 1)) {
      throw new RangeError(`Cannot match columns as '${name}' must be from 0 to 1: current value is ${value}`);
    }
  }
}
