import { outputBias, outputWeights, skipWeights, unitBiases, unitWeights } from "./scoringWeights.ts";

/** A small network's weights: `units` soft steps over the features, plus a straight path from each feature. */
export interface ScoringWeights {
  /** One row of feature weights a unit, laid end to end. */
  readonly unitWeights: Float64Array;
  readonly unitBiases: Float64Array;
  readonly outputWeights: Float64Array;
  readonly outputBias: number;
  readonly skipWeights: Float64Array;
}

/** The weights fitted by `bench/matcher/fitModel.ts`. */
export const fittedWeights: ScoringWeights = {
  unitWeights: Float64Array.from(unitWeights),
  unitBiases: Float64Array.from(unitBiases),
  outputWeights: Float64Array.from(outputWeights),
  outputBias,
  skipWeights: Float64Array.from(skipWeights),
};

/** The log odds that a pair means the same by its own evidence alone, which lies in `features` from `offset` on. */
export function scorePair(features: Float64Array, weights: ScoringWeights = fittedWeights, offset = 0): number {
  const { unitWeights, unitBiases, outputWeights, skipWeights } = weights;
  const width = skipWeights.length;
  let result = weights.outputBias;
  for (let at = 0; at < width; at++) result += skipWeights[at]! * features[offset + at]!;
  for (let unit = 0, from = 0; unit < unitBiases.length; unit++, from += width) {
    let sum = unitBiases[unit]!;
    for (let at = 0; at < width; at++) sum += unitWeights[from + at]! * features[offset + at]!;
    // softsign: as good as tanh here and four times as fast
    result += outputWeights[unit]! * sum / (1 + Math.abs(sum));
  }
  return result;
}
