// deno-lint-ignore-file no-console -- a tool that prints its figures
import type { ScoringWeights } from "../../supabase/functions/_shared/healing/matcher/scoringModel.ts";
import { averageOf, crossValidate } from "./crossValidate.ts";
import { assignExamples, fitConfidence } from "./fitConfidence.ts";
import { fitScoring, generateExamples } from "./fitScoring.ts";
import { toExamples } from "./pairExamples.ts";
import { readTablePairs } from "./readTablePairs.ts";

/** Fits the matcher's weights to generated pairs and the pairs of `--data`, and writes them beside the matcher. */
async function fitModel(folder: string, count: number): Promise<void> {
  const generated = generateExamples(1_000, count);
  const real = (await readTablePairs(folder)).map((pair) => toExamples(pair));
  const scoring = fitScoring(generated, real);
  // the confidence is fitted on pairs the scoring has not seen
  const assigned = assignExamples(generateExamples(500_000, Math.round(count / 2)), scoring);
  const confidence = fitConfidence(assigned);
  const matcher = new URL("../../supabase/functions/_shared/healing/matcher/", import.meta.url);
  await Deno.writeTextFile(new URL("scoringWeights.ts", matcher), writeScoring(scoring));
  await Deno.writeTextFile(
    new URL("confidenceWeights.ts", matcher),
    `${head}${constant("confidenceWeights", confidence.weights)}export const confidenceBias = ${
      round(confidence.bias)
    };\n`,
  );
  console.log(`${generated.length} generated and ${real.length} real pairs; ${assigned.length} assignments calibrated`);
  const validated = crossValidate(generated, real);
  console.log(
    "leave one pair out",
    averageOf(validated.leaveOneOut),
    "generated only",
    averageOf(validated.generatedOnly),
  );
}

const head = "// Written by bench/matcher/fitModel.ts; do not edit by hand.\n";
const round = (value: number) => Number(value.toFixed(4));
const constant = (name: string, values: ArrayLike<number>) =>
  `export const ${name}: readonly number[] = [${Array.from(values, round).join(", ")}];\n`;

function writeScoring(weights: ScoringWeights): string {
  return head + "// deno-fmt-ignore-file -- one row of figures after another\n" +
    constant("unitBiases", weights.unitBiases) +
    constant("outputWeights", weights.outputWeights) + constant("skipWeights", weights.skipWeights) +
    `export const outputBias = ${round(weights.outputBias)};\n` + wrapped(constant("unitWeights", weights.unitWeights));
}

function wrapped(text: string): string {
  return text.replace(/((?:[^,\n]+, ){13})/g, "$1\n  ").replaceAll(", \n", ",\n");
}

if (import.meta.main) {
  const [flag, folder, count = "1000"] = Deno.args;
  if (flag !== "--data" || folder === undefined) {
    console.error("Usage: deno run -A bench/matcher/fitModel.ts --data <folder> [count]");
    Deno.exit(2);
  }
  await fitModel(folder, Number(count));
}
