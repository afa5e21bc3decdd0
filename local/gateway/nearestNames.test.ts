import { deepEqual, equal } from "node:assert/strict";
import { editDistance, nearestNames } from "./nearestNames.ts";

Deno.test("editDistance counts inserts, deletes, replacements and swaps", () => {
  equal(editDistance("", "abc"), 3);
  equal(editDistance("kitten", "sitting"), 3);
  equal(editDistance("ops-healht", "ops-health"), 1);
  equal(editDistance("same", "same"), 0);
});

Deno.test("nearestNames puts the likeliest first and leaves the unlike out", () => {
  const known = ["ops-health", "ops-flags", "ops-openapi", "search"];
  deepEqual(nearestNames("ops-helth", known), ["ops-health"]);
  deepEqual(nearestNames("OPS-FLAG", known), ["ops-flags"]);
  deepEqual(nearestNames("health", known), ["ops-health"]);
  deepEqual(nearestNames("zzzzzz", known), []);
  deepEqual(nearestNames("x".repeat(5_000), ["x".repeat(5_000)]), []);
});
