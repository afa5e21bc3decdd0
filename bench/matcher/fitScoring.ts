import type { ScoringWeights } from "../../supabase/functions/_shared/healing/matcher/scoringModel.ts";
import { generateTablePair } from "./generateTablePair.ts";
import { type PairExamples, toExamples } from "./pairExamples.ts";
import { averageNetworks, type TrainingRow, trainNetwork } from "./trainNetwork.ts";

/** A real column's pair counts as much as this many generated ones. */
const weightOfReal = 4;
/** One network alone moves by 0.02 in recall with its seed. */
const networkCount = 4;
const units = 4;

/** Generated pairs of both sorts with none, a third or two thirds of the dictionary forgotten. */
export function generateExamples(firstSeed: number, count: number): PairExamples[] {
  return Array.from({ length: count }, (_, at) => {
    const pair = generateTablePair(firstSeed + at, at % 5 < 3 ? "integration" : "drift");
    return toExamples(pair, [0, 0.3, 0.7][at % 3]);
  });
}

/** Fits the scoring network to generated and real pairs. */
export function fitScoring(generated: readonly PairExamples[], real: readonly PairExamples[]): ScoringWeights {
  const rows = [
    ...generated.flatMap((examples) => toRows(examples, 1)),
    ...real.flatMap((examples) => toRows(examples, weightOfReal)),
  ];
  return averageNetworks(Array.from({ length: networkCount }, (_, at) => trainNetwork(rows, { seed: 7 + at, units })));
}

function toRows(examples: PairExamples, weight: number): TrainingRow[] {
  return examples.features.flatMap((row, source) =>
    row.map((features, target) => ({ features, isTrue: examples.isTrue[source]![target]!, weight }))
  );
}
