import assert from "node:assert/strict";
import fc from "fast-check";
import type { Candidate, Found } from "../gather/candidate.ts";
import { scoreCandidates, type ScoringContext } from "./scoreCandidates.ts";

const indifferent = { score: 0, reasons: [] };
const forYou: ScoringContext = { kind: "for-you", tasteOf: () => indifferent, unlike: [] };

function candidate(some: Partial<Candidate> = {}): Candidate {
  return {
    id: "a",
    categoryId: "c",
    vendorId: "v",
    found: [{ source: "taste", strength: 0.5, because: undefined }],
    traits: ["category:milk"],
    weights: [0.5],
    popularity: 0.5,
    isInSeason: false,
    habit: undefined,
    ...some,
  };
}

const scoreOf = (one: Candidate, context: Partial<ScoringContext> = {}) =>
  scoreCandidates([one], { ...forYou, ...context })[0]!.score;

const found = fc.record({
  source: fc.constantFrom<Found["source"]>("model", "bought-together", "taste", "habit", "popular", "season"),
  strength: fc.double({ min: 0, max: 1, noNaN: true }),
  because: fc.constant(undefined),
});

Deno.test("scores are shares; finding it once more, liking it better, and wanting it more never lower one", () => {
  const unit = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(found, { minLength: 1, maxLength: 4 }),
      unit,
      unit,
      unit,
      unit,
      (ways, one, two, less, more) => {
        const [low, high] = [Math.min(less, more), Math.max(less, more)];
        const at = (taste: number, popularity: number) =>
          scoreOf(candidate({ found: ways, popularity }), { tasteOf: () => ({ score: 2 * taste - 1, reasons: [] }) });
        assert.ok(at(one, two) >= 0 && at(one, two) <= 1);
        assert.ok(at(low, two) <= at(high, two));
        assert.ok(at(one, low) <= at(one, high));
        const seasonal: Found = { source: "season", strength: low, because: undefined };
        assert.ok(scoreOf(candidate({ found: [...ways, seasonal] })) >= scoreOf(candidate({ found: ways })) - 1e-12);
      },
    ),
  );
});

Deno.test("a model's strengths count beside its strongest, whatever their unit", () => {
  const found = (strength: number, id: string) =>
    candidate({ id, found: [{ source: "model", strength, because: undefined }] });
  const small = scoreCandidates([found(0.01, "a"), found(0.005, "b")], forYou).map(({ score }) => score);
  const large = scoreCandidates([found(1_000, "a"), found(500, "b")], forYou).map(({ score }) => score);
  assert.deepEqual(small, large);
  assert.ok(small[0]! > small[1]!);
});

Deno.test("what was bought a moment ago waits; what is due does not", () => {
  const habit = { purchases: 3, usualQuantity: 1, lastQuantity: 1, intervalDays: 10 };
  const at = (daysSince: number) => scoreOf(candidate({ habit: { ...habit, daysSince } }));
  assert.ok(at(1) < 0.5 * at(9));
  assert.equal(at(9), scoreOf(candidate()));
});

Deno.test("what is like something refused loses, and what has nothing of it does not", () => {
  const refused = { traits: ["category:milk", "attribute:vegan"], weights: [0.5, 1] };
  const alike = candidate({ traits: ["category:yogurt", "attribute:vegan"], weights: [0.5, 1] });
  const other = candidate({ traits: ["category:bread", "vendor:v"], weights: [0.5, 1] });
  assert.ok(scoreOf(alike, { unlike: [refused] }) < 0.6 * scoreOf(alike));
  assert.equal(scoreOf(other, { unlike: [refused] }), scoreOf(other));
});

Deno.test("what is wanted at this moment gains, what is not wanted then loses, and only a little", () => {
  const gain = (pull: number, categoryId = "c") => {
    const moment = new Map([[categoryId, { pull, moment: "weather:rainy", isOwn: true }]]);
    return scoreOf(candidate(), { moment }) - scoreOf(candidate());
  };
  assert.ok(gain(1) > gain(0.5) && gain(0.5) > 0 && gain(1) <= 0.1 + 1e-12, `${gain(1)}`);
  assert.ok(Math.abs(gain(-1) + gain(1)) < 1e-12);
  assert.equal(gain(1, "other"), 0);
});

Deno.test("beside a product, likeness decides", () => {
  const anchor = { traits: ["category:milk", "attribute:vegan"], weights: [0.5, 1] };
  const context = { kind: "similar", anchor } as const;
  const twin = candidate({ ...anchor, popularity: 0 });
  const popular = candidate({ traits: ["category:milk"], weights: [0.5], popularity: 1 });
  assert.ok(scoreOf(twin, context) > scoreOf(popular, context));
});
