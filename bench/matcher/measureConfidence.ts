// deno-lint-ignore-file no-console -- a bench prints its table
import { matchColumns } from "../../supabase/functions/_shared/healing/matcher/columnMatcher.ts";
import { generateTablePair } from "./generateTablePair.ts";

/** Prints how often a confidence is right, and what abstaining costs, on generated drifts nothing was fitted to. */
export function measureConfidence(count = 1_000, firstSeed = 700_000): void {
  const bins = Array.from({ length: 10 }, () => ({ count: 0, right: 0, sum: 0 }));
  const totals = { assigned: 0, matched: 0, wrong: 0, healable: 0 };
  for (let seed = firstSeed; seed < firstSeed + count; seed++) {
    const pair = generateTablePair(seed, "drift");
    const matches = matchColumns(pair.sources, pair.targets, { withEvidence: false });
    const truth = new Map(
      pair.truth.map(([source, target]) => [pair.sources[source]!.name, pair.targets[target]!.name]),
    );
    for (const { source, candidate, confidence, decision } of matches) {
      if (decision === "identical") continue;
      if (truth.has(source)) totals.healable++;
      if (candidate === undefined) continue;
      const isRight = truth.get(source) === candidate;
      const bin = bins[Math.min(9, Math.floor(confidence * 10))]!;
      bin.count++;
      bin.sum += confidence;
      if (isRight) bin.right++;
      totals.assigned++;
      if (decision === "match") {
        totals.matched++;
        if (!isRight) {
          totals.wrong++;
          if (Deno.args.includes("--wrong")) {
            console.log("wrong:", source, "->", candidate, "truly", truth.get(source), confidence.toFixed(3));
          }
        }
      }
    }
  }
  console.log("confidence   pairs   stated    right");
  bins.forEach((bin, at) => {
    if (bin.count > 0) {
      console.log(
        `${(at / 10).toFixed(1)}-${((at + 1) / 10).toFixed(1)}  ${String(bin.count).padStart(8)}  ${
          (bin.sum / bin.count).toFixed(3)
        }    ${(bin.right / bin.count).toFixed(3)}`,
      );
    }
  });
  console.log(
    `${count} drifted payloads, ${totals.healable} keys with a true column: ${totals.matched} matched, ${totals.wrong} of them wrong, ${
      totals.assigned - totals.matched
    } abstained from`,
  );
}
