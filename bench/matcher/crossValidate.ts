import { scoreColumns } from "../../supabase/functions/_shared/healing/matcher/scoreColumns.ts";
import type { ScoringWeights } from "../../supabase/functions/_shared/healing/matcher/scoringModel.ts";
import { fitScoring } from "./fitScoring.ts";
import type { PairExamples } from "./pairExamples.ts";
import { mean, measureRanking, type RankingMetrics } from "./rankingMetrics.ts";

/** The figures of each real pair, by weights that never saw it. */
export interface CrossValidation {
  /** Fitted to generated pairs and all real pairs but the one measured. */
  readonly leaveOneOut: readonly RankingMetrics[];
  /** Fitted to generated pairs only. */
  readonly generatedOnly: readonly RankingMetrics[];
}

/** Measures every real pair by weights that were fitted without it. */
export function crossValidate(generated: readonly PairExamples[], real: readonly PairExamples[]): CrossValidation {
  const fromGenerated = fitScoring(generated, []);
  return {
    leaveOneOut: real.map((pair) => measure(pair, fitScoring(generated, real.filter((other) => other !== pair)))),
    generatedOnly: real.map((pair) => measure(pair, fromGenerated)),
  };
}

/** Recall and reciprocal rank of one pair of tables under given weights. */
export function measure(examples: PairExamples, weights?: ScoringWeights): RankingMetrics {
  return measureRanking(examples.pair, scoreColumns(examples.sources, examples.targets, weights).contested);
}

/** The means of both figures. */
export function averageOf(metrics: readonly RankingMetrics[]): RankingMetrics {
  return {
    recall: mean(metrics.map((entry) => entry.recall)),
    meanReciprocalRank: mean(metrics.map((entry) => entry.meanReciprocalRank)),
  };
}
