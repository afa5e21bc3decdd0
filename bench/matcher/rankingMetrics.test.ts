import assert from "node:assert/strict";
import { measureRanking } from "./rankingMetrics.ts";
import type { TablePair } from "./tablePair.ts";

const pair: TablePair = { name: "x", sources: [], targets: [], truth: [[0, 0], [1, 1]] };

Deno.test("measureRanking counts the true pairs on top and the mean of 1/rank", () => {
  const metrics = measureRanking(pair, [[0.9, 0.1, 0], [0.8, 0.5, 0]]);
  assert.deepEqual(metrics, { recall: 0.5, meanReciprocalRank: 0.75 });
});

Deno.test("measureRanking counts ties against the matcher", () => {
  assert.deepEqual(measureRanking(pair, [[1, 1, 1], [1, 1, 1]]), { recall: 0, meanReciprocalRank: 1 / 3 });
});
