import assert from "node:assert/strict";
import { momentsOf } from "./momentsOf.ts";
import { momentReason } from "./momentTaste.ts";

const saturday = new Date("2026-11-28T07:30:00Z");

Deno.test("a moment is of several kinds: by the shopper's clock, and by what they tell", () => {
  assert.deepEqual(momentsOf({ timeZone: "Europe/Berlin", weather: "rainy" }, saturday), [
    "daypart:morning",
    "days:weekend",
    "meal:breakfast",
    "weather:rainy",
  ]);
  assert.deepEqual(momentsOf({ timeZone: "America/Los_Angeles", meal: "snack" }, saturday), [
    "daypart:night",
    "days:workdays",
    "meal:snack",
  ]);
  assert.deepEqual(momentsOf({ weather: "cold" }, saturday), ["weather:cold"], "no clock, no time");
  assert.deepEqual(momentsOf({}, saturday), []);
});

Deno.test("a moment is a reason where it says enough, in words that say whose it is", () => {
  const reason = (moment: string, pull = 0.6, isOwn = true) => momentReason({ moment, pull, isOwn });
  assert.equal(reason("weather:rainy"), "What you like when it rains");
  assert.equal(reason("weather:rainy", 0.6, false), "What many like when it rains");
  assert.equal(reason("meal:breakfast"), "Often your breakfast");
  assert.equal(reason("meal:breakfast", 0.6, false), "What many have for breakfast");
  assert.equal(reason("meal:snack", 0.6, false), "What many have as a snack");
  assert.equal(reason("days:weekend"), "What you like at the weekend");
  for (const nothing of [reason("weather:rainy", 0.1), reason("weather:rainy", -0.9), reason("mood:blue")]) {
    assert.equal(nothing, undefined);
  }
  assert.equal(momentReason(undefined), undefined);
});
