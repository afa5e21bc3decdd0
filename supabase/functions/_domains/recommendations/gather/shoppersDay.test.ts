import assert from "node:assert/strict";
import { shoppersDay } from "./shoppersDay.ts";

Deno.test("the day is the shopper's, not the server's", () => {
  const newYearsEve = Date.parse("2026-12-31T23:30:00Z");
  assert.deepEqual(shoppersDay(newYearsEve), { day: "2026-12-31", month: 12 });
  assert.deepEqual(shoppersDay(newYearsEve, "Europe/Berlin"), { day: "2027-01-01", month: 1 });
  assert.deepEqual(shoppersDay(newYearsEve, "America/New_York"), { day: "2026-12-31", month: 12 });
});
