import { assignColumns } from "../../supabase/functions/_shared/healing/matcher/assignColumns.ts";
import { confidenceInputs, sigmoid } from "../../supabase/functions/_shared/healing/matcher/confidence.ts";
import { scoreColumns } from "../../supabase/functions/_shared/healing/matcher/scoreColumns.ts";
import type { ScoringWeights } from "../../supabase/functions/_shared/healing/matcher/scoringModel.ts";
import type { PairExamples } from "./pairExamples.ts";

/** One assigned pair with what its confidence is computed from. */
export interface AssignedExample {
  readonly inputs: readonly number[];
  readonly isRight: boolean;
}

const willingness = 12;

/** Assigns every source of the tables, as the matcher would before it abstains. */
export function assignExamples(examples: readonly PairExamples[], weights: ScoringWeights): AssignedExample[] {
  return examples.flatMap(({ sources, targets, isTrue }) => {
    const scored = scoreColumns(sources, targets, weights);
    const gains = scored.contested.map((row, source) =>
      row.map((value, target) => scored.castable[source]![target] === 1 ? value + willingness : 0)
    );
    return assignColumns(gains, targets.length).flatMap((target, source) => {
      if (target < 0 || sources[source]!.column.name === targets[target]!.column.name) return [];
      const standing = scored.competition.standingOf(source, target);
      const inputs = confidenceInputs(scored.logits[source]![target]!, standing, scored.featuresOf(source, target));
      return [{ inputs, isRight: isTrue[source]![target]! }];
    });
  });
}

/** Fits the logistic calibration (Platt's, over several inputs) by Newton's method with a slight ridge. */
export function fitConfidence(examples: readonly AssignedExample[]): { weights: number[]; bias: number } {
  const size = (examples[0]?.inputs.length ?? 0) + 1;
  let theta = new Array<number>(size).fill(0);
  for (let round = 0; round < 30; round++) {
    const gradient = theta.map((value) => 0.5 * value);
    const curvature = theta.map((_, row) => theta.map((_, column) => row === column ? 0.5 : 0));
    for (const { inputs, isRight } of examples) {
      const extended = [...inputs, 1];
      const chance = sigmoid(extended.reduce((sum, input, at) => sum + input * theta[at]!, 0));
      const spread = Math.max(1e-6, chance * (1 - chance));
      extended.forEach((input, row) => {
        gradient[row]! += (chance - (isRight ? 1 : 0)) * input;
        extended.forEach((other, column) => curvature[row]![column]! += spread * input * other);
      });
    }
    const move = solve(curvature, gradient);
    theta = theta.map((value, at) => value - move[at]!);
  }
  return { weights: theta.slice(0, -1), bias: theta.at(-1)! };
}

/** Gaussian elimination with partial pivots. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, at) => [...row, right[at]!]);
  const size = rows.length;
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++) {
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row;
    }
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    for (let row = 0; row < size; row++) {
      if (row === column) continue;
      const factor = rows[row]![column]! / rows[column]![column]!;
      for (let at = column; at <= size; at++) rows[row]![at]! -= factor * rows[column]![at]!;
    }
  }
  return rows.map((row, at) => row[size]! / row[at]!);
}
