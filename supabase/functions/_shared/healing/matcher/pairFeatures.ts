import type { SourceProfile, TargetProfile } from "./columnProfile.ts";
import { compareNames, type NameComparison, type TokenSimilarity } from "./nameSimilarity.ts";
import type { SketchOverlap } from "./sketchIndex.ts";
import { compareValues, type ValueComparison } from "./valueSimilarity.ts";

/** The evidence on one pair as figures, in the order the scoring model takes them. */
export const featureNames = [
  "alignment",
  "containment",
  "head",
  "grams",
  "ideographs",
  "isSame",
  "conflict",
  "oneSided",
  "namesInformative",
  "namesComparable",
  "valuesComparable",
  "kinds",
  "characters",
  "marks",
  "length",
  "spread",
  "patterns",
  "wholes",
  "words",
  "numbers",
  "isNumericPair",
  "distinct",
  "expected",
  "expectedParticular",
  "isExpectationKnown",
  "natural",
] as const;

/** Everything known of one pair. */
export interface PairComparison {
  readonly names: NameComparison;
  readonly values: ValueComparison;
  readonly features: Float64Array;
}

/** Compares one key with one column by names, values, expectations and type. */
export function comparePair(
  source: SourceProfile,
  target: TargetProfile,
  overlap: SketchOverlap,
  similarity: TokenSimilarity,
): PairComparison {
  const names = compareNames(source.name, target.name, similarity);
  const values = compareValues(source.values, target.values, overlap);
  const areInformative = source.name.isInformative && target.name.isInformative;
  const shareWriting = (source.name.ideographs.size > 0) === (target.name.ideographs.size > 0);
  const areComparable = areInformative && (shareWriting || (source.name.isKnown && target.name.isKnown));
  const expected = fitExpectations(source, target);
  const features = Float64Array.of(
    names.alignment,
    names.containment,
    names.head,
    names.grams,
    names.ideographs,
    names.isSame,
    names.conflict,
    names.oneSided,
    areInformative ? 1 : 0,
    areComparable ? 1 : 0,
    values.isComparable,
    values.kinds,
    values.characters,
    values.marks,
    values.length,
    values.spread,
    values.patterns,
    values.wholes,
    values.words,
    values.numbers,
    values.isNumericPair,
    values.distinct,
    expected.all,
    expected.particular,
    expected.isKnown,
    source.values.profile.count === 0 ? 0.5 : dot(target.naturalKinds, source.values.profile.kinds),
  );
  return { names, values, features };
}

/** Whether either name fits the other side's values: "link" and a column3 full of addresses. */
function fitExpectations(source: SourceProfile, target: TargetProfile) {
  let all = 0;
  let particular = 0;
  let known = 0;
  if (source.expected !== undefined && target.values.profile.count > 0) {
    all += dot(source.expected.all, target.values.profile.kinds);
    particular += dot(source.expected.particular, target.values.profile.kinds);
    known++;
  }
  if (target.expected !== undefined && source.values.profile.count > 0) {
    all += dot(target.expected.all, source.values.profile.kinds);
    particular += dot(target.expected.particular, source.values.profile.kinds);
    known++;
  }
  return known === 0
    ? { all: 0.5, particular: 0, isKnown: 0 }
    : { all: all / known, particular: particular / known, isKnown: known / 2 };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] as number) * (b[at] as number);
  return sum;
}
