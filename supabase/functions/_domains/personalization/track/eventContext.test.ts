import assert from "node:assert/strict";
import { describeContext, EventContext } from "./eventContext.ts";

const at = new Date("2026-11-26T19:30:00Z");

Deno.test("a moment is described as the shopper's clock shows it", () => {
  assert.deepEqual(describeContext({ timeZone: "Europe/Berlin", weather: "rainy" }, at), {
    timeZone: "Europe/Berlin",
    weather: "rainy",
    hour: 20,
    partOfDay: "evening",
    weekday: "thu",
    month: 11,
    meal: "dinner",
  });
  const tokyo = describeContext({ timeZone: "Asia/Tokyo", meal: "snack" }, at);
  assert.deepEqual([tokyo.hour, tokyo.partOfDay, tokyo.weekday, tokyo.meal], [4, "night", "fri", "snack"]);
  assert.deepEqual(describeContext({ device: "mobile" }, at), { device: "mobile" });
});

Deno.test("a time zone that there is not is refused", () => {
  assert.ok(!EventContext.safeParse({ timeZone: "Mars/Olympus" }).success);
  assert.ok(EventContext.safeParse({ timeZone: "America/New_York" }).success);
});
