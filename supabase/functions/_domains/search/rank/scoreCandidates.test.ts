import assert from "node:assert/strict";
import type { MomentTaste } from "../../personalization/ports.ts";
import { hitReason } from "../hitReason.ts";
import type { Candidate } from "./candidate.ts";
import type { RankingWeights } from "./rankingWeights.ts";
import { scoreCandidates, type Wishes } from "./scoreCandidates.ts";

const firstWeights: RankingWeights = {
  relevance: 0.4,
  personal: 0.3,
  recency: 0.1,
  popularity: 0.1,
  season: 0.1,
  diversity: 0.02,
};

const product = (id: string, more: Partial<Candidate> = {}): Candidate => ({
  id,
  rank: 0.6,
  likeness: 0.5,
  popularity: 0.5,
  season: "always",
  ageDays: 0,
  vendorId: "v",
  categoryId: "c",
  traits: [],
  weights: [],
  ...more,
});
const likes = (scores: Record<string, number>, moment: Record<string, MomentTaste> = {}): Wishes => ({
  profile: new Map(
    Object.entries(scores).map((
      [trait, score],
    ) => [trait, { score, longTerm: score, session: 0, confidence: Math.abs(score), events: 2 }]),
  ),
  moment: new Map(Object.entries(moment)),
});
const nobody = likes({});
const inTheRain = (pull: number): MomentTaste => ({ pull, moment: "weather:rainy", isOwn: true });

Deno.test("a score is the sum of its parts by their weights, and lies between 0 and 1", () => {
  const [best] = scoreCandidates(
    [product("a", { likeness: 1, popularity: 1, season: "now", traits: ["attribute:vegan"], weights: [1] })],
    likes({ "attribute:vegan": 1 }),
    firstWeights,
    "milk",
  );
  assert.ok(best!.score > 0.97 && best!.score <= 1);
  const [worst] = scoreCandidates(
    [product("a", { rank: 0, likeness: 0, popularity: 0, season: "not now", ageDays: 1e6 })],
    nobody,
    { ...firstWeights, relevance: 0, personal: 0, recency: 0.8 },
    "",
  );
  assert.ok(worst!.score >= 0 && worst!.score < 0.001);
});

Deno.test("nobody's taste says nothing of anything", () => {
  const [one] = scoreCandidates(
    [product("a", { traits: ["attribute:spicy"], weights: [1] })],
    nobody,
    firstWeights,
    "x",
  );
  assert.deepEqual([one!.personal, one!.isDisliked, one!.reasons], [0.5, false, []]);
});

Deno.test("taste, season, popularity and novelty each move a product up", () => {
  const scoreOf = (more: Partial<Candidate>) =>
    scoreCandidates(
      [product("a", more), product("other")],
      likes({ "attribute:vegan": 0.4 }),
      firstWeights,
      "milk",
    )[0]!.score;
  const plain = scoreOf({});
  const vegan = { traits: ["attribute:vegan"], weights: [1] };
  for (const better of [vegan, { season: "now" as const }, { popularity: 0.6 }, { likeness: 0.6 }]) {
    assert.ok(scoreOf(better) > plain, JSON.stringify(better));
  }
  assert.ok(scoreOf({ ageDays: 60 }) < plain);
});

Deno.test("the moment moves its categories a little, both ways, and taste that is known counts for more", () => {
  const personalOf = (wishes: Wishes, more: Partial<Candidate> = {}) =>
    scoreCandidates([product("a", more)], wishes, firstWeights, "soup")[0]!.personal;
  const vegan = { traits: ["attribute:vegan"], weights: [1] };
  assert.ok(personalOf(likes({}, { c: inTheRain(1) })) > 0.6);
  assert.ok(personalOf(likes({}, { c: inTheRain(-1) })) < 0.4);
  assert.equal(personalOf(likes({}, { other: inTheRain(1) })), 0.5);
  assert.ok(personalOf(likes({ "attribute:vegan": 0.5 }), vegan) > personalOf(likes({}, { c: inTheRain(1) })));
  assert.equal(personalOf(likes({ "attribute:vegan": 1 }, { c: inTheRain(1) }), vegan), 1);
});

Deno.test("what is disliked is known as such, unless it is asked for", () => {
  const spicy = product("a", { traits: ["attribute:extra-spicy"], weights: [1] });
  const profile = likes({ "attribute:extra-spicy": -0.5 });
  const isDisliked = (query: string) => scoreCandidates([spicy], profile, firstWeights, query)[0]!.isDisliked;
  assert.equal(isDisliked("chips"), true);
  assert.equal(isDisliked("Extra spicy chips"), false);
});

Deno.test("a reason is given only where taste moved a hit up, in words", () => {
  const card = { brand: "Miller's", vendorName: "The mill" };
  const reasons = [{ trait: "time:morning", share: 0.6 }, { trait: "brand:millers", share: 0.4 }];
  assert.equal(hitReason({ personal: 0.8, reasons }, card), "Because you chose Miller's");
  assert.equal(hitReason({ personal: 0.5, reasons }, card), null);
  assert.equal(hitReason({ personal: 0.8, reasons, moment: inTheRain(0.5) }, card), "What you like when it rains");
  assert.equal(hitReason({ personal: 0.8, reasons, moment: inTheRain(-0.5) }, card), "Because you chose Miller's");
  assert.equal(
    hitReason({ personal: 0.8, reasons: [{ trait: "vendor:1", share: 1 }] }, card),
    "Because you chose products of The mill",
  );
});
