import type { SourceProfile, TargetProfile } from "./columnProfile.ts";
import { Competition } from "./competition.ts";
import { cacheTokenSimilarity } from "./nameSimilarity.ts";
import { comparePair, type PairComparison } from "./pairFeatures.ts";
import { fittedWeights, scorePair, type ScoringWeights } from "./scoringModel.ts";
import { SketchIndex } from "./sketchIndex.ts";

/** Every pair of a payload's keys and a table's columns, by source, then target. */
export interface ScoredColumns {
  readonly pairs: readonly (readonly PairComparison[])[];
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
  const pairs = compareAll(sources, targets);
  const castable = sources.map((source) => Float64Array.from(targets, (target) => castableShare(source, target)));
  const logits = pairs.map((row, source) =>
    Float64Array.from(row, (pair, target) => {
      const isIdentical = sources[source]!.column.name === targets[target]!.column.name;
      return scorePair(pair.features, weights) + (isIdentical ? identicalLift : 0) -
        ruledOutPenalty * (1 - castable[source]![target]!);
    })
  );
  const competition = new Competition(logits, targets.length);
  return { pairs, castable, logits, contested: competition.contested(), competition };
}

function compareAll(sources: readonly SourceProfile[], targets: readonly TargetProfile[]): PairComparison[][] {
  const index = new SketchIndex(sources.map((source) => source.values.profile));
  const similarity = cacheTokenSimilarity();
  const rows = sources.map((): PairComparison[] => []);
  for (const target of targets) {
    const overlaps = index.overlapsWith(target.values.profile);
    sources.forEach((source, at) => rows[at]!.push(comparePair(source, target, overlaps[at]!, similarity)));
  }
  return rows;
}

function castableShare(source: SourceProfile, target: TargetProfile): number {
  if (target.column.isGenerated) return 0;
  if (source.texts.length === 0) return 1;
  let castable = 0;
  for (const { text, value } of source.texts) if (target.canCast(text, value)) castable++;
  return castable / source.texts.length;
}
