import { equal } from "node:assert/strict";
import { AttemptLimit } from "./attemptLimit.ts";

Deno.test("a key is shut after its failures, alone, until its window ends", () => {
  let now = 0;
  const clock = { now: () => now, monotonic: () => now, setTimer: () => () => {} };
  const limit = new AttemptLimit({ maxFailures: 2, windowMs: 1_000, clock });
  limit.recordFailure("ada");
  equal(limit.isOpen("ada"), true);
  limit.recordFailure("ada");
  equal(limit.isOpen("ada"), false);
  equal(limit.isOpen("bob"), true);
  now = 1_000;
  equal(limit.isOpen("ada"), true);
  limit.recordFailure("ada");
  equal(limit.isOpen("ada"), true);
});

Deno.test("a success forgets the failures", () => {
  const limit = new AttemptLimit({ maxFailures: 1 });
  limit.recordFailure("ada");
  limit.recordSuccess("ada");
  equal(limit.isOpen("ada"), true);
});
