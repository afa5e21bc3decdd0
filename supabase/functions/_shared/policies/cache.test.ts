import assert from "node:assert/strict";
import { FakeClock } from "../../../../tests/harness/fakeClock.ts";
import { cache, type CacheOptions } from "./cache.ts";
import { cancelCall } from "./testing/cancelCall.ts";

function rig(options: CacheOptions = {}) {
  const clock = new FakeClock();
  const background: Promise<unknown>[] = [];
  const policy = cache({
    freshMs: 100,
    staleMs: 1_000,
    clock,
    waitUntil: (work) => void background.push(work),
    ...options,
  });
  let calls = 0;
  let failure: Error | undefined;
  const work = () => {
    calls++;
    return failure === undefined ? Promise.resolve(`answer ${calls}`) : Promise.reject(failure);
  };
  return {
    clock,
    ask: (key = "a") => policy.execute(work, { key }),
    policy,
    background,
    calls: () => calls,
    failWith: (error?: Error) => void (failure = error),
  };
}

Deno.test("cache: an answer is given again while it is fresh, and calls that come together are one", async () => {
  const { clock, ask, calls, policy } = rig();
  assert.deepEqual(await Promise.all([ask(), ask()]), ["answer 1", "answer 1"]);
  await clock.advance(99);
  assert.equal(await ask(), "answer 1");
  assert.equal(await ask("b"), "answer 2");
  assert.equal(await policy.execute(() => "without a key"), "without a key");
  assert.equal(calls(), 2);
});

Deno.test("cache: a stale answer is given at once, while one call fetches a new one", async () => {
  const { clock, ask, calls, background } = rig();
  await ask();
  await clock.advance(100);
  assert.deepEqual(await Promise.all([ask(), ask(), ask()]), ["answer 1", "answer 1", "answer 1"]);
  await Promise.all(background);
  assert.equal(calls(), 2);
  assert.equal(await ask(), "answer 2");
  await clock.advance(1_100);
  assert.equal(await ask(), "answer 3"); // Too old to be given: this one was waited for.
});

Deno.test("cache: failures are not kept; a refresh that fails leaves the stale answer, and pauses for a second", async () => {
  const { clock, ask, calls, background, failWith } = rig({ staleMs: 5_000 });
  failWith(new Error("down"));
  await assert.rejects(ask(), /down/);
  failWith();
  assert.equal(await ask(), "answer 2");
  await clock.advance(200);
  failWith(new Error("down"));
  assert.equal(await ask(), "answer 2");
  await Promise.all(background);
  for (let times = 0; times < 10; times++) assert.equal(await ask(), "answer 2");
  assert.equal(calls(), 3);
  await clock.advance(1_000);
  failWith();
  await ask();
  await Promise.all(background);
  assert.equal(await ask(), "answer 4");
});

Deno.test("cache: it holds so many answers and no more", async () => {
  const { ask, calls } = rig({ maxEntries: 2 });
  for (const key of ["a", "b", "c", "b", "c"]) await ask(key);
  assert.equal(calls(), 3);
  await ask("a");
  assert.equal(calls(), 4);
});

Deno.test("cache: an abort rejects at once and leaves no listener", async () => {
  for (const cancelled of await cancelCall(rig().policy, { key: "other" })) {
    assert.deepEqual(cancelled, { outcome: "enough", listenersOnSignal: 0, listenersOnScope: 0 });
  }
  assert.throws(() => cache({ freshMs: -1 }), /'freshMs' must be a number from 0: current value is -1/);
});
