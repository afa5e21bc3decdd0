import type { SourceProfile, TargetProfile } from "./columnProfile.ts";
import { Competition } from "./competition.ts";
import { cacheTokenSimilarity } from "./nameSimilarity.ts";
import { comparePair, featureNames, type PairFeatures } from "./pairFeatures.ts";
import { fittedWeights, scorePair, type ScoringWeights } from "./scoringModel.ts";
import { SketchIndex } from "./sketchIndex.ts";

/** Every pair of a payload's keys and a table's columns, by source, then target. */
export interface ScoredColumns {
  /** The evidence on one pair. */
  featuresOf(source: number, target: number): PairFeatures;
  /** Share of the source's values that the column takes; 0 where it cannot be written at all. */
  readonly castable: readonly Float64Array[];
  /** Log odds by the pair's own evidence. */
  readonly logits: readonly Float64Array[];
  /** Log odds with the rivals taken in. */
  readonly contested: readonly Float64Array[];
  readonly competition: Competition;
}

const ruledOutPenalty = 12;
const identicalLift = 15;

/** Scores all pairs; this is what the matcher ranks and assigns by. */
export function scoreColumns(
  sources: readonly SourceProfile[],
  targets: readonly TargetProfile[],
  weights: ScoringWeights = fittedWeights,
): ScoredColumns {
  const features = compareAll(sources, targets);
  const width = featureNames.length;
  const castable = sources.map((source) => castableShares(source, targets));
  const logits = sources.map((source, row) => {
    const result = new Float64Array(targets.length);
    for (let target = 0; target < result.length; target++) {
      const lift = targets[target]!.column.name === source.column.name ? identicalLift : 0;
      const penalty = ruledOutPenalty * (1 - castable[row]![target]!);
      const offset = (row * targets.length + target) * width;
      result[target] = scorePair(features, weights, offset) + lift - penalty;
    }
    return result;
  });
  const competition = new Competition(logits, targets.length);
  const featuresOf = (source: number, target: number) => {
    const offset = (source * targets.length + target) * width;
    return features.subarray(offset, offset + width);
  };
  return { featuresOf, castable, logits, contested: competition.contested(), competition };
}

/** The features of all pairs end to end, by source, then target. */
function compareAll(sources: readonly SourceProfile[], targets: readonly TargetProfile[]): Float64Array {
  const width = featureNames.length;
  const features = new Float64Array(sources.length * targets.length * width);
  const index = new SketchIndex(sources.map((source) => source.values.profile));
  const similarity = cacheTokenSimilarity();
  for (let column = 0; column < targets.length; column++) {
    const target = targets[column]!;
    const overlap = index.overlapsWith(target.values.profile);
    for (let row = 0; row < sources.length; row++) {
      const offset = (row * targets.length + column) * width;
      comparePair(sources[row]!, row, target, overlap, similarity, features, offset);
    }
  }
  return features;
}

function castableShares(source: SourceProfile, targets: readonly TargetProfile[]): Float64Array {
  const known = new Map<string, number>();
  const shares = new Float64Array(targets.length);
  for (let at = 0; at < targets.length; at++) {
    const target = targets[at]!;
    let share = known.get(target.castKey);
    if (share === undefined) known.set(target.castKey, share = castableShare(source, target));
    shares[at] = target.column.isGenerated ? 0 : share;
  }
  return shares;
}

function castableShare(source: SourceProfile, target: TargetProfile): number {
  if (source.texts.length === 0) return 1;
  let castable = 0;
  for (const { text, value } of source.texts) if (target.canCast(text, value)) castable++;
  return castable / source.texts.length;
}
