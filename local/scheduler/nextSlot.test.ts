import assert from "node:assert/strict";
import { nextSlot } from "./nextSlot.ts";

const at = (text: string) => Date.parse(text);

Deno.test("nextSlot reads five fields in UTC and gives the first moment after, never the same one", () => {
  assert.equal(nextSlot("*/5 * * * *", at("2026-11-21T09:00:00Z")), at("2026-11-21T09:05:00Z"));
  assert.equal(nextSlot("0 3 * * *", at("2026-03-29T00:30:00Z")), at("2026-03-29T03:00:00Z"));
  assert.equal(nextSlot("0 0 * * 7", at("2026-11-21T09:00:00Z")), at("2026-11-22T00:00:00Z"));
  assert.equal(nextSlot("0 0 29 2 *", at("2026-11-21T09:00:00Z")), at("2028-02-29T00:00:00Z"));
});

Deno.test("nextSlot gives nothing for a day that never comes, and throws for another dialect", () => {
  assert.equal(nextSlot("0 0 31 2 *", 0), undefined);
  for (const text of ["* * * * * *", "5/10 * * * *", "60 * * * *", "nonsense"]) {
    assert.throws(() => nextSlot(text, 0), text);
  }
});
