// deno-lint-ignore-file no-console -- a bench prints its table
import { matchColumns } from "../supabase/functions/_shared/healing/matcher/columnMatcher.ts";
import { profileTargets } from "../supabase/functions/_shared/healing/matcher/columnProfile.ts";
import { averageOf, crossValidate, measure } from "./matcher/crossValidate.ts";
import { generateExamples } from "./matcher/fitScoring.ts";
import { generateTablePair } from "./matcher/generateTablePair.ts";
import { measureConfidence } from "./matcher/measureConfidence.ts";
import { toExamples } from "./matcher/pairExamples.ts";
import { measureRanking, type RankingMetrics } from "./matcher/rankingMetrics.ts";
import { readTablePairs } from "./matcher/readTablePairs.ts";
import { scoreByTrigrams } from "./matcher/trigramFloor.ts";
import type { TablePair } from "./matcher/tablePair.ts";

const figure = (value: number) => value.toFixed(3).padStart(7);
const both = (metrics: RankingMetrics) => `${figure(metrics.recall)} ${figure(metrics.meanReciprocalRank)}`;

/** Prints recall at ground-truth size and MRR of the matcher and of the names-only trigram floor. */
async function printQuality(folder: string, isCrossValidated: boolean): Promise<void> {
  const pairs = await readTablePairs(folder);
  const examples = pairs.map((pair) => toExamples(pair));
  const floor = pairs.map((pair) => measureRanking(pair, scoreByTrigrams(pair)));
  const ours = examples.map((example) => measure(example));
  const validated = isCrossValidated ? crossValidate(generateExamples(1_000, 1_000), examples) : undefined;
  console.log(
    "                       floor (trigrams)      fitted to all" +
      (validated ? "   leave one out   generated only" : ""),
  );
  console.log(
    "pair        columns     recall     MRR    recall     MRR" + (validated ? "  recall     MRR  recall     MRR" : ""),
  );
  const row = (label: string, size: string, metrics: readonly (RankingMetrics | undefined)[]) =>
    console.log(label.padEnd(12), size.padEnd(9), ...metrics.map((entry) => entry === undefined ? "" : both(entry)));
  pairs.forEach((pair, at) => {
    const size = `${pair.sources.length}x${pair.targets.length}/${pair.truth.length}`;
    row(pair.name, size, [floor[at], ours[at], validated?.leaveOneOut[at], validated?.generatedOnly[at]]);
  });
  row("mean", "", [
    averageOf(floor),
    averageOf(ours),
    validated && averageOf(validated.leaveOneOut),
    validated && averageOf(validated.generatedOnly),
  ]);
  const unseen = generateExamples(900_000, 200);
  row("generated", "unseen", [
    averageOf(unseen.map(({ pair }) => measureRanking(pair, scoreByTrigrams(pair)))),
    averageOf(unseen.map((example) => measure(example))),
  ]);
}

/** Prints the time of 30 sources against 700 targets, with and without the target profiles at hand. */
function printTiming(): void {
  const wide = widePair(30, 700);
  const times = { whole: [] as number[], profiled: [] as number[] };
  for (let round = 0; round < 15; round++) {
    let start = performance.now();
    matchColumns(wide.sources, wide.targets);
    times.whole.push(performance.now() - start);
    const profiles = profileTargets(wide.targets);
    start = performance.now();
    matchColumns(wide.sources, profiles);
    times.profiled.push(performance.now() - start);
  }
  const summary = (list: readonly number[]) => {
    const sorted = [...list].sort((a, b) => a - b);
    return `best ${sorted[0]!.toFixed(1)}, median ${sorted[sorted.length >> 1]!.toFixed(1)}, cold ${
      list[0]!.toFixed(1)
    } ms`;
  };
  console.log(`30 x 700 columns, features of both sides: ${summary(times.whole)}`);
  console.log(`30 x 700 columns, cached target profiles: ${summary(times.profiled)}`);
}

function widePair(sourceCount: number, targetCount: number): TablePair {
  const sources = new Map<string, TablePair["sources"][number]>();
  const targets = new Map<string, TablePair["targets"][number]>();
  for (let seed = 1; sources.size < sourceCount || targets.size < targetCount; seed++) {
    const pair = generateTablePair(seed, "integration");
    for (const column of pair.sources) {
      if (sources.size < sourceCount) {
        sources.set(`${column.name}${seed}`, { ...column, name: `${column.name}${seed}` });
      }
    }
    for (const column of pair.targets) {
      if (targets.size < targetCount) {
        targets.set(`${column.name}_${seed}`, { ...column, name: `${column.name}_${seed}` });
      }
    }
  }
  return { name: "wide", sources: [...sources.values()], targets: [...targets.values()], truth: [] };
}

if (import.meta.main) {
  const at = Deno.args.indexOf("--data");
  const folder = at < 0 ? undefined : Deno.args[at + 1];
  if (folder === undefined) {
    console.log("no --data <folder> given: only the timing and the generated drifts are measured");
  } else await printQuality(folder, !Deno.args.includes("--no-cross-validation"));
  measureConfidence();
  printTiming();
}
