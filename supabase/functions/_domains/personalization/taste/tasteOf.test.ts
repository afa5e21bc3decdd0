import assert from "node:assert/strict";
import fc from "fast-check";
import { tasteOf } from "./tasteOf.ts";
import { type TasteProfile, toTasteProfile } from "./tasteProfile.ts";

const known = (score: number, confidence = Math.abs(score)) => ({
  score,
  longTerm: score,
  session: 0,
  confidence,
  events: 3,
});
const profileOf = (scores: Record<string, number>): TasteProfile =>
  new Map(Object.entries(scores).map(([trait, score]) => [trait, known(score)]));

const trait = fc.constantFrom(
  "category:milk",
  "category:dairy",
  "attribute:vegan",
  "attribute:spicy",
  "brand:a",
  "price:low",
);
const product = fc.uniqueArray(fc.record({ trait, weight: fc.double({ min: 0, max: 1, noNaN: true }) }), {
  selector: (one) => one.trait,
});
const profile = fc.dictionary(trait, fc.double({ min: -1, max: 1, noNaN: true })).map(profileOf);

Deno.test("a score is bounded, reasons pull its way, and their shares are at most the whole", () => {
  fc.assert(fc.property(profile, product, (someone, traits) => {
    const { score, reasons } = tasteOf(someone, traits.map((one) => one.trait), traits.map((one) => one.weight));
    assert.ok(score >= -1 && score <= 1, `${score}`);
    for (const reason of reasons) {
      assert.equal(Math.sign(someone.get(reason.trait)!.score), Math.sign(score));
      assert.ok(reason.share > 0 && reason.share <= 1 + 1e-12);
    }
    assert.ok(reasons.reduce((sum, { share }) => sum + share, 0) <= 1 + 1e-9);
  }));
});

Deno.test("liking a trait better never lowers the score of what has it", () => {
  const level = fc.double({ min: -1, max: 1, noNaN: true });
  fc.assert(fc.property(product, level, level, trait, (traits, one, other, which) => {
    const names = traits.map((one) => one.trait);
    const weights = traits.map((one) => one.weight);
    const at = (score: number) =>
      tasteOf(
        new Map([["category:dairy", known(0.4, 1)], [which, { ...known(score), confidence: 1 }]]),
        names,
        weights,
      );
    assert.ok(at(Math.max(one, other)).score >= at(Math.min(one, other)).score - 1e-12);
  }));
});

Deno.test("what is known to be neither liked nor disliked counts as such, and as what is liked by next to nothing", () => {
  const scoreAt = (score: number) =>
    tasteOf(
      new Map([["category:dairy", known(0.4, 1)], ["brand:a", known(score, 1)]]),
      ["category:dairy", "brand:a"],
      [1, 1],
    ).score;
  assert.ok(Math.abs(scoreAt(0) - scoreAt(1e-300)) < 1e-12);
});

Deno.test("one clearly disliked attribute outvotes all that is liked", () => {
  const liked = { "category:milk": 0.9, "category:dairy": 0.9, "brand:a": 0.9, "attribute:vegan": 0.9 };
  const names = [...Object.keys(liked), "attribute:spicy"];
  const weights = [0.6, 0.25, 0.6, 1, 1];
  assert.ok(tasteOf(profileOf({ ...liked, "attribute:spicy": -0.6 }), names, weights).score <= -0.6);
  assert.ok(tasteOf(profileOf({ ...liked, "attribute:spicy": -0.2 }), names, weights).score > 0);
  const { reasons } = tasteOf(profileOf({ ...liked, "attribute:spicy": -0.6 }), names, weights);
  assert.deepEqual(reasons.map((one) => one.trait), ["attribute:spicy"]);
});

Deno.test("more that is liked is liked more, and the strongest reason comes first", () => {
  const someone = profileOf({ "attribute:vegan": 0.5, "category:milk": 0.5 });
  const both = tasteOf(someone, ["category:milk", "attribute:vegan"], [0.6, 1]);
  assert.ok(both.score > tasteOf(someone, ["category:milk"], [0.6]).score);
  assert.deepEqual(both.reasons.map((one) => one.trait), ["attribute:vegan", "category:milk"]);
});

Deno.test("nothing known is nothing said", () => {
  assert.deepEqual(tasteOf(toTasteProfile([]), ["category:milk"], [1]), { score: 0, reasons: [] });
  assert.deepEqual(tasteOf(profileOf({ "brand:b": 1 }), ["category:milk"], [1]), { score: 0, reasons: [] });
});
