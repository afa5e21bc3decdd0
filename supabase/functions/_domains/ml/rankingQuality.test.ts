import assert from "node:assert/strict";
import { RankingJudge } from "./rankingQuality.ts";

Deno.test("the first place is worth all, the third half, the eleventh nothing", () => {
  const judge = new RankingJudge();
  assert.equal(judge.judge([7], 7), 1);
  assert.equal(judge.judge([1, 2, 7], 7), 0.5);
  assert.equal(judge.judge([1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 7], 7), 0);
  assert.deepEqual(judge.quality(20), { ndcg: 0.5, recall: 2 / 3, coverage: 11 / 20, judged: 3 });
});
