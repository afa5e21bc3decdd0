import assert from "node:assert/strict";
import { explainTrait } from "./explainTrait.ts";

const event = (signal: string, times: number, lastAt: string, lastProduct: string) => ({
  signal,
  times,
  lastAt,
  lastProduct,
});

Deno.test("what is believed is told by what was done, most often first, and by what was done last", () => {
  const events = [
    event("click", 3, "2026-11-20", "Oat Milk"),
    event("view_details", 2, "2026-11-19", "Soy Milk"),
    event("purchase", 1, "2026-11-21", "Rice Milk"),
    event("repeat_purchase", 1, "2026-11-18", "Oat Milk"),
  ];
  assert.equal(explainTrait(events), "looked at 5 times and bought 2 times, last Rice Milk");
  assert.equal(explainTrait(events.slice(2, 3)), "bought once, last Rice Milk");
  assert.equal(explainTrait([]), undefined);
});
