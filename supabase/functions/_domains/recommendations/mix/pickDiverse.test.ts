import assert from "node:assert/strict";
import fc from "fast-check";
import type { RecommendationSource } from "../recommendation.ts";
import { recommendationKinds } from "../recommendationRequest.ts";
import { pickDiverse } from "./pickDiverse.ts";
import type { Scored } from "./scored.ts";

function scored(id: string, score: number, of: { category?: string; vendor?: string; source?: string } = {}): Scored {
  const { category = id, vendor = id, source = "taste" } = of;
  const lead = { source: source as RecommendationSource, strength: 1, because: undefined };
  return {
    candidate: {
      id,
      categoryId: category,
      vendorId: vendor,
      found: [lead],
      traits: [],
      weights: [],
      popularity: 0,
      isInSeason: false,
      habit: undefined,
    },
    score,
    lead,
    taste: { score: 0, reasons: [] },
  };
}

const some = fc.uniqueArray(
  fc.record({
    id: fc.integer({ min: 0, max: 99 }).map(String),
    score: fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100),
    of: fc.record({
      category: fc.constantFrom("a", "b", "c"),
      vendor: fc.constantFrom("x", "y"),
      source: fc.constantFrom("model", "taste", "popular", "season"),
    }),
  }).map(({ id, score, of }) => scored(id, score, of)),
  { selector: ({ candidate }) => candidate.id },
);

Deno.test("a row is as long as it can be, has nothing twice, never grows, and does not depend on the order it was found in", () => {
  fc.assert(
    fc.property(some, fc.integer({ min: 1, max: 30 }), fc.constantFrom(...recommendationKinds), (all, limit, kind) => {
      const row = pickDiverse(all, { kind, limit });
      assert.equal(row.length, Math.min(limit, all.length));
      assert.equal(new Set(row.map(({ candidate }) => candidate.id)).size, row.length);
      for (const [at, { score }] of row.entries()) assert.ok(score >= 0 && score <= (row[at - 1]?.score ?? 1));
      assert.deepEqual(pickDiverse(all.toReversed(), { kind, limit }), row);
      if (all.length > 0) {
        assert.equal(
          row[0]!.score,
          Math.max(...all.map(({ score }) => score)),
          "the best comes first",
        );
      }
    }),
  );
});

Deno.test("one category does not crowd out what is nearly as good", () => {
  const milk = Array.from({ length: 8 }, (_, at) => scored(`milk${at}`, 0.8 - at * 0.001, { category: "milk" }));
  const row = pickDiverse([...milk, scored("bread", 0.76)], { kind: "for-you", limit: 4 });
  assert.equal(row.findIndex(({ candidate }) => candidate.id === "bread"), 2);
  const similar = pickDiverse([...milk, scored("bread", 0.76)], { kind: "similar", limit: 4 });
  assert.ok(!similar.some(({ candidate }) => candidate.id === "bread"), "similar products are of one category");
});

Deno.test("popular products leave room for personal ones", () => {
  const popular = Array.from({ length: 10 }, (_, at) => scored(`p${at}`, 0.6, { source: "popular" }));
  const personal = Array.from({ length: 10 }, (_, at) => scored(`t${at}`, 0.55, { source: "taste" }));
  const row = pickDiverse([...popular, ...personal], { kind: "for-you", limit: 8 });
  assert.equal(row.filter(({ lead }) => lead.source === "popular").length, 3);
  assert.equal(
    pickDiverse(popular, { kind: "for-you", limit: 10 }).length,
    10,
    "where there is nothing else, they may",
  );
});
