import assert from "node:assert/strict";
import fc from "fast-check";
import { applyPins } from "./applyPins.ts";
import { orderHits } from "./orderHits.ts";
import type { ScoredCandidate } from "./scoreCandidates.ts";

const hit = (id: string, score: number, vendorId = "v", isDisliked = false): ScoredCandidate => ({
  candidate: {
    id,
    rank: 1,
    likeness: 1,
    popularity: 0,
    season: "always",
    ageDays: 0,
    vendorId,
    categoryId: "c",
    traits: [],
    weights: [],
  },
  score,
  relevance: 1,
  personal: 0.5,
  recency: 1,
  popularity: 0,
  season: 0.5,
  reasons: [],
  isDisliked,
});
const idsOf = (hits: readonly ScoredCandidate[]) => hits.map(({ candidate }) => candidate.id);

const hits = fc.uniqueArray(
  fc.record({
    id: fc.string({ minLength: 1, maxLength: 3 }),
    score: fc.constantFrom(0.1, 0.2, 0.21, 0.5, 0.9),
    vendor: fc.constantFrom("a", "b", "c"),
    isDisliked: fc.boolean(),
  }),
  { selector: ({ id }) => id, maxLength: 40 },
).map((all) => all.map(({ id, score, vendor, isDisliked }) => hit(id, score, vendor, isDisliked)));

Deno.test("every hit stands once, whatever order they came in, and what is not wanted stands last", () => {
  fc.assert(
    fc.property(hits, fc.integer({ min: 0, max: 40 }), fc.constantFrom(0, 0.02, 0.2), (all, count, diversity) => {
      const ordered = orderHits(all, diversity, count);
      assert.deepEqual(idsOf(ordered).toSorted(), idsOf(all).toSorted());
      assert.deepEqual(idsOf(orderHits(all.toReversed(), diversity, count)), idsOf(ordered));
      const first = ordered.findIndex(({ isDisliked }) => isDisliked);
      if (first >= 0) assert.ok(ordered.slice(first).every(({ isDisliked }) => isDisliked));
    }),
  );
});

Deno.test("the longer page begins as the shorter one", () => {
  fc.assert(fc.property(hits, fc.integer({ min: 0, max: 40 }), (all, count) => {
    const short = idsOf(orderHits(all, 0.05, count)).slice(0, count);
    assert.deepEqual(idsOf(orderHits(all, 0.05, 40)).slice(0, count), short);
  }));
});

Deno.test("a vendor's fourth hit lets another vendor's pass that is about as good, and none that is worse", () => {
  const all = [
    hit("a1", 0.9),
    hit("a2", 0.9),
    hit("a3", 0.9),
    hit("a4", 0.9),
    hit("b1", 0.85, "w"),
    hit("c1", 0.5, "x"),
  ];
  assert.deepEqual(idsOf(orderHits(all, 0.02, 6)), ["a1", "a2", "a3", "b1", "a4", "c1"]);
  assert.deepEqual(idsOf(orderHits(all, 0, 6)), ["a1", "a2", "a3", "a4", "b1", "c1"]);
});

Deno.test("pins stand at their places, also those that did not match; what is buried stands last", () => {
  const pins = { pinned: [["p", 2], ["b", 1]] as const, buried: ["a"] };
  assert.deepEqual(applyPins(["a", "b", "c"], pins, true), ["b", "p", "c", "a"]);
  assert.deepEqual(applyPins(["a", "b", "c"], pins, false), ["b", "p", "c"], "last is on a page further down");
  assert.deepEqual(applyPins([], { pinned: [["p", 9]], buried: [] }, true), ["p"]);
});
