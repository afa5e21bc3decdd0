import assert from "node:assert/strict";
import type { Found, Habit } from "../gather/candidate.ts";
import type { RecommendationKind } from "../recommendationRequest.ts";
import { reasonOf } from "./reasonOf.ts";

const card = { brand: "Oatly", vendorName: "The Mill", category: "oat-milk" };
const names = new Map([["milk-id", "Oat milk"]]);
const habit: Habit = { purchases: 3, usualQuantity: 2, lastQuantity: 2, intervalDays: 6.8, daysSince: 7 };

function reason(
  kind: RecommendationKind,
  source: Found["source"],
  because?: string,
  more: { liked?: string; tasteScore?: number; habit?: Habit; quantity?: number; pull?: number } = {},
): string {
  const lead = { source, strength: 1, because };
  const candidate = {
    id: "a",
    categoryId: "c",
    vendorId: "v",
    found: [lead],
    traits: [],
    weights: [],
    popularity: 0,
    isInSeason: false,
    habit: more.habit,
  };
  const reasons = more.liked === undefined ? [] : [{ trait: more.liked, share: 1 }];
  const taste = { score: more.tasteScore ?? (more.liked === undefined ? 0 : 0.5), reasons };
  const moment = more.pull === undefined ? undefined : { pull: more.pull, moment: "meal:breakfast", isOwn: true };
  return reasonOf({ candidate, score: 1, lead, taste, moment }, { kind, names, card, quantity: more.quantity });
}

Deno.test("reasons say what led to a product, in words", () => {
  assert.equal(reason("for-you", "model", "milk-id"), "Because of your interest in Oat milk");
  assert.equal(reason("similar", "model", "milk-id"), "Similar to Oat milk");
  assert.equal(reason("bought-together", "bought-together", "milk-id"), "Often bought with Oat milk");
  assert.equal(reason("for-you", "taste", "category:oat-milk"), "Because you like oat milk");
  assert.equal(
    reason("for-you", "taste", "category:milk", { liked: "attribute:plant-based" }),
    "Because you like plant-based",
  );
  assert.equal(reason("for-you", "popular", undefined, { liked: "brand:oatly" }), "Because you like Oatly");
  assert.equal(reason("for-you", "popular", undefined, { liked: "vendor:42" }), "Because you like The Mill");
  assert.equal(
    reason("discovery", "discovery", undefined, { liked: "attribute:vegan" }),
    "Something new, as you like vegan",
  );
  assert.equal(reason("for-you", "season"), "In season now");
});

Deno.test("the moment is told where it says much, and never instead of what led there by itself", () => {
  assert.equal(reason("for-you", "moment", "meal:breakfast", { pull: 0.5 }), "Often your breakfast");
  assert.equal(reason("for-you", "popular", undefined, { pull: 0.5 }), "Often your breakfast");
  assert.equal(reason("for-you", "taste", "category:oat-milk", { pull: 0.5 }), "Often your breakfast");
  assert.equal(reason("for-you", "peers", undefined, { pull: 0.5 }), "Often your breakfast");
  assert.equal(reason("for-you", "taste", "category:oat-milk", { pull: 0.1 }), "Because you like oat milk");
  assert.equal(reason("for-you", "model", "milk-id", { pull: 0.5 }), "Because of your interest in Oat milk");
  assert.equal(reason("for-you", "season", undefined, { pull: 0.5 }), "In season now");
});

Deno.test("habits are told by their rhythm and their quantity", () => {
  assert.equal(reason("reorder", "habit", "a", { habit }), "You buy this about every 7 days");
  assert.equal(
    reason("reorder", "habit", "a", { habit: { ...habit, intervalDays: 0.6 } }),
    "You buy this about every day",
  );
  assert.equal(reason("quantity", "habit", "a", { habit, quantity: 2 }), "You usually take 2");
});

Deno.test("nothing is claimed that is not known: a name that is gone, a taste that is weak or has no words", () => {
  assert.equal(reason("for-you", "model", "hidden-id"), "Popular right now");
  assert.equal(reason("bought-together", "bought-together", "hidden-id"), "Often bought together");
  assert.equal(
    reason("for-you", "popular", undefined, { liked: "attribute:vegan", tasteScore: 0.05 }),
    "Popular right now",
  );
  assert.equal(reason("for-you", "popular", undefined, { liked: "price:mid" }), "Popular right now");
  assert.equal(reason("for-you", "popular", undefined, { liked: "category:food" }), "Popular right now");
});
