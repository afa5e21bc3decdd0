import assert from "node:assert/strict";
import fc from "fast-check";
import { FakeClock } from "../../../../tests/harness/fakeClock.ts";
import { blockOf, RateLimiter, type RateLimitVerdict } from "./rateLimiter.ts";
import { perMinute } from "./rateLimitPolicy.ts";
import { MemoryRateLimitStore } from "./testing/memoryRateLimitStore.ts";

function fleet(limit: number, isolates: number, options: { maxCallers?: number } = {}) {
  const clock = new FakeClock();
  const store = new MemoryRateLimitStore(clock);
  const logged: string[] = [];
  const background: Promise<unknown>[] = [];
  const log = {
    warn: (message: string) => void logged.push(message),
    info: (message: string) => void logged.push(message),
  };
  const limiters = Array.from({ length: isolates }, () =>
    new RateLimiter({
      policy: perMinute(limit),
      store,
      clock,
      log,
      waitUntil: (work) => void background.push(work),
      ...options,
    }));
  const take = async (isolate = 0, bucket = "caller"): Promise<RateLimitVerdict> => {
    const verdict = await limiters[isolate]!.take(bucket);
    await Promise.all(background.splice(0));
    return verdict;
  };
  return { clock, store, limiters, logged, take };
}

Deno.test("a caller with few requests is answered at once and writes nothing", () => {
  const { limiters, store } = fleet(600, 1);
  for (let request = 0; request < 14; request++) {
    const verdict = limiters[0]!.take("caller");
    assert.ok(!(verdict instanceof Promise));
    assert.equal(verdict.isAllowed, true);
    assert.equal(verdict.remaining, 599 - request);
  }
  assert.equal(store.leases, 0);
});

Deno.test("a slow caller never writes, however long it goes on", async () => {
  const { take, store, clock } = fleet(600, 1);
  for (let request = 0; request < 100; request++) {
    assert.equal((await take()).isAllowed, true);
    await clock.advance(30_000);
  }
  assert.equal(store.leases, 0);
});

Deno.test("a busy caller is never made to wait: blocks are leased behind its back, one write a block", async () => {
  const { limiters, take, store } = fleet(600, 1);
  for (let request = 0; request < 500; request++) {
    const verdict = limiters[0]!.take("caller");
    assert.ok(!(verdict instanceof Promise), `request ${request} waited`);
    await Promise.resolve(); // One turn of a request: leases under way may come back.
    await take(0, "other");
  }
  assert.ok(store.leases <= 2 * Math.ceil(500 / blockOf(600)) + 2, `${store.leases} leases`);
});

Deno.test("alone, an isolate lets exactly the limit through, whatever the limit", async () => {
  for (const limit of [1, 5, 39, 40, 60, 600]) {
    const { take, clock } = fleet(limit, 1);
    let allowed = 0;
    for (let request = 0; request < limit * 2; request++) {
      if ((await take()).isAllowed) allowed++;
    }
    assert.equal(allowed, limit, `limit ${limit}`);
    const refused = await take();
    assert.equal(refused.isAllowed, false);
    assert.ok(refused.retryAfterMs > 0 && refused.retryAfterMs <= 60_000 / limit * (1 + blockOf(limit)));
    await clock.advance(refused.retryAfterMs);
    assert.equal((await take()).isAllowed, true, `limit ${limit} after its own retry time`);
  }
});

Deno.test("a limit below 40 is exact over the fleet", async () => {
  const { take } = fleet(10, 5);
  const allowed = [];
  for (let request = 0; request < 50; request++) allowed.push((await take(request % 5)).isAllowed);
  assert.ok(allowed.slice(0, 10).every((isAllowed) => isAllowed));
  assert.ok(!allowed.slice(10).some((isAllowed) => isAllowed));
});

Deno.test("while the bucket is empty nothing is asked for", async () => {
  const { take, store } = fleet(10, 1);
  for (let request = 0; request < 11; request++) await take();
  const before = store.leases;
  for (let request = 0; request < 100; request++) assert.equal((await take()).isAllowed, false);
  assert.equal(store.leases, before);
});

Deno.test("requests that come together share a lease, and each gets its own token", async () => {
  const { limiters, store } = fleet(10, 1);
  const verdicts = await Promise.all(Array.from({ length: 15 }, () => limiters[0]!.take("caller")));
  assert.equal(verdicts.filter(({ isAllowed }) => isAllowed).length, 10);
  assert.ok(store.leases <= 2, `${store.leases} leases`);
});

Deno.test("callers do not eat each other's tokens", async () => {
  const { take } = fleet(3, 1);
  for (let request = 0; request < 3; request++) await take(0, "a");
  assert.equal((await take(0, "a")).isAllowed, false);
  assert.equal((await take(0, "b")).isAllowed, true);
});

Deno.test("without the store an isolate keeps the limit by itself, says so once, and comes back", async () => {
  const { take, store, clock, logged } = fleet(10, 1);
  store.failure = new Error("connection refused");
  let allowed = 0;
  for (let request = 0; request < 50; request++) if ((await take()).isAllowed) allowed++;
  assert.equal(allowed, 10);
  assert.equal(store.leases, 1);
  assert.deepEqual(logged, ["Rate limits are this isolate's own as the store is gone"]);
  await clock.advance(5_000);
  await take();
  assert.equal(store.leases, 2);
  assert.equal(logged.length, 1);
  store.failure = undefined;
  await clock.advance(5_000);
  assert.equal((await take()).isAllowed, true);
  assert.equal(logged[1], "Rate limits are shared with the fleet again");
});

Deno.test("a store that hangs holds one request for a second, and none after it", async () => {
  const clock = new FakeClock();
  const limiter = new RateLimiter({
    policy: perMinute(10),
    store: { lease: () => new Promise(() => {}) },
    clock,
    log: { warn: () => {}, info: () => {} },
    waitUntil: () => {},
  });
  const waiting = limiter.take("caller");
  await clock.advance(1_000);
  assert.equal((await waiting).isAllowed, true);
  assert.ok(!(limiter.take("caller") instanceof Promise));
  assert.ok(!(limiter.take("another") instanceof Promise));
  assert.equal(clock.pendingTimers, 0);
});

Deno.test("memory is bounded: callers beyond the most are forgotten", async () => {
  const { take, store } = fleet(39, 1, { maxCallers: 2 });
  for (const caller of ["a", "b", "c"]) await take(0, caller);
  const before = store.leases;
  await take(0, "a"); // Forgotten, so it starts afresh; its tokens are the fleet's, which remembers.
  assert.equal(store.leases, before + 1);
});

Deno.test("however requests fall on isolates and time, the fleet stays within limit, refill and blocks", async () => {
  const steps = fc.array(
    fc.record({ isolate: fc.nat({ max: 4 }), burst: fc.integer({ min: 1, max: 60 }), waitMs: fc.nat({ max: 8_000 }) }),
    { minLength: 1, maxLength: 25 },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 1, max: 5 }),
      steps,
      async (limit, isolates, plan) => {
        const { take, clock } = fleet(limit, isolates);
        let allowed = 0;
        for (const { isolate, burst, waitMs } of plan) {
          for (let request = 0; request < burst; request++) {
            if ((await take(isolate % isolates)).isAllowed) allowed++;
          }
          await clock.advance(waitMs);
        }
        const elapsed = clock.monotonic();
        const credit = blockOf(limit) === 1 ? 0 : isolates * blockOf(limit) * (1 + Math.floor(elapsed / 60_000));
        const bound = limit + limit * elapsed / 60_000 + credit;
        assert.ok(allowed <= bound + 1e-6, `${allowed} were let through, ${bound} are the most`);
      },
    ),
    { numRuns: 30 },
  );
});
