import type { SourceProfile, TargetProfile } from "./columnProfile.ts";
import { compareNames, nameFeatures, type TokenSimilarity } from "./nameSimilarity.ts";
import type { SketchOverlap } from "./sketchIndex.ts";
import { compareValues, valueFeatures } from "./valueSimilarity.ts";

/** The evidence on one pair as figures, in the order the scoring model takes them. */
export const featureNames = [
  ...nameFeatures,
  "namesInformative",
  "namesComparable",
  ...valueFeatures,
  "expected",
  "expectedParticular",
  "isExpectationKnown",
  "natural",
] as const;

/** One figure of the evidence. */
export type FeatureName = typeof featureNames[number];

/** The figures of one pair, in the order of `featureNames`. */
export type PairFeatures = Float64Array;

const places = new Map<FeatureName, number>(featureNames.map((name, at) => [name, at]));
const informativeAt = places.get("namesInformative")!;
const valuesAt = places.get("valuesComparable")!;
const expectedAt = places.get("expected")!;

/** Reads one figure by its name. */
export function readFeature(features: PairFeatures, name: FeatureName): number {
  return features[places.get(name)!]!;
}

/**
 * Compares a key (the `at`th source) with a column by names, values, expectations and type, and writes the figures to
 * `out` from `offset` on: objects for 21,000 pairs cost 20 ms of garbage collection.
 */
export function comparePair(
  source: SourceProfile,
  at: number,
  target: TargetProfile,
  overlap: SketchOverlap,
  similarity: TokenSimilarity,
  out: Float64Array,
  offset: number,
): void {
  compareNames(source.name, target.name, similarity, out, offset);
  const areInformative = source.name.isInformative && target.name.isInformative;
  const shareWriting = (source.name.ideographs.size > 0) === (target.name.ideographs.size > 0);
  out[offset + informativeAt] = areInformative ? 1 : 0;
  out[offset + informativeAt + 1] = areInformative && (shareWriting || (source.name.isKnown && target.name.isKnown))
    ? 1
    : 0;
  compareValues(source.values, target.values, overlap, at, out, offset + valuesAt);
  fitExpectations(source, target, out, offset + expectedAt);
  out[offset + expectedAt + 3] = source.values.profile.count === 0
    ? 0.5
    : dot(target.naturalKinds, source.values.profile.kinds);
}

/** Writes whether either name fits the other side's values: "link" and a column3 full of addresses. */
function fitExpectations(source: SourceProfile, target: TargetProfile, out: Float64Array, offset: number): void {
  let [all, particular, known] = [0, 0, 0];
  const sourceKinds = source.values.profile.kinds;
  const targetKinds = target.values.profile.kinds;
  if (source.expected !== undefined && target.values.profile.count > 0) {
    all += dot(source.expected.all, targetKinds);
    particular += dot(source.expected.particular, targetKinds);
    known++;
  }
  if (target.expected !== undefined && source.values.profile.count > 0) {
    all += dot(target.expected.all, sourceKinds);
    particular += dot(target.expected.particular, sourceKinds);
    known++;
  }
  out[offset] = known === 0 ? 0.5 : all / known;
  out[offset + 1] = known === 0 ? 0 : particular / known;
  out[offset + 2] = known / 2;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}
