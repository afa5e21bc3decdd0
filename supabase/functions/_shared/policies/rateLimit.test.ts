import assert from "node:assert/strict";
import fc from "fast-check";
import { FakeClock } from "../../../../tests/harness/fakeClock.ts";
import { MemoryRateLimitStore } from "../http/testing/memoryRateLimitStore.ts";
import { PolicyRefusal } from "./policyRefusal.ts";
import { rateLimit } from "./rateLimit.ts";
import { cancelCall } from "./testing/cancelCall.ts";

const waitUntil = () => {};

Deno.test("rateLimit: so many calls pass, the next is told when to come, and can come then", async () => {
  const clock = new FakeClock();
  const policy = rateLimit({ limit: 2, windowMs: 1_000, clock });
  assert.equal(await policy.execute(() => 1), 1);
  assert.equal(await policy.execute(() => 2), 2);
  const outcome = policy.execute(() => assert.fail("called"));
  await assert.rejects(
    outcome,
    (error) => error instanceof PolicyRefusal && error.refusedBy === "rate_limit" && error.retryAfterMs === 500,
  );
  await clock.advance(500);
  assert.equal(await policy.execute(() => 3), 3);
});

Deno.test("rateLimit: with a store the fleet's calls are counted together", async () => {
  const clock = new FakeClock();
  const store = new MemoryRateLimitStore(clock);
  const fleet = [1, 2, 3].map(() =>
    rateLimit({ limit: 10, windowMs: 60_000, store, name: "payments", clock, waitUntil })
  );
  const outcomes = await Promise.allSettled(
    Array.from({ length: 30 }, (_, call) => fleet[call % 3]!.execute(() => call)),
  );
  assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 10);
});

Deno.test("rateLimit: an abort rejects at once, also while the fleet is asked, and leaves no listener", async () => {
  const clock = new FakeClock();
  const store = { lease: () => new Promise<never>(() => {}) };
  let called = 0;
  const asking = rateLimit({ limit: 1, store, clock, waitUntil });
  const stop = new AbortController();
  const outcome = assert.rejects(asking.execute(() => called++, { signal: stop.signal }), /enough/);
  stop.abort(new Error("enough"));
  await outcome;
  await clock.advance(2_000); // By now the isolate would decide alone.
  assert.equal(called, 0);
  const [fromOutside] = await cancelCall(rateLimit({ clock }));
  assert.deepEqual(fromOutside, { outcome: "enough", listenersOnSignal: 0, listenersOnScope: 0 });
});

Deno.test("rateLimit: in any window no more pass than the limit and what came back since", async () => {
  const plan = fc.array(fc.record({ calls: fc.nat({ max: 20 }), waitMs: fc.nat({ max: 900 }) }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 15 }), plan, async (limit, steps) => {
      const clock = new FakeClock();
      const policy = rateLimit({ limit, windowMs: 1_000, clock });
      let passed = 0;
      for (const { calls, waitMs } of steps) {
        for (let call = 0; call < calls; call++) await policy.execute(() => passed++).catch(() => {});
        assert.ok(passed <= limit + clock.monotonic() * limit / 1_000 + 1e-6);
        await clock.advance(waitMs);
      }
    }),
    { numRuns: 30 },
  );
});

Deno.test("rateLimit: options that are none are refused", () => {
  assert.throws(() => rateLimit({ limit: 0.5 }), {
    message: "Cannot make a rate limit as 'limit' must be a whole number from 1: current value is 0.5",
  });
});
