import assert from "node:assert/strict";
import type { NumberKnob } from "../optimizer/knobs/knob.ts";
import type { ValueOf } from "../optimizer/knobs/knob.ts";
import { cacheRig, FakeSource, someCache } from "../../../../tests/harness/cacheRig.ts";
import { ttlKnob } from "./ttlKnob.ts";

Deno.test("a value is loaded once by all who ask at the same time, and given again until its time is up", async () => {
  const { caches, clock, told } = cacheRig();
  const [source, cache] = [new FakeSource(), caches.open(someCache())];
  const all = await Promise.all(Array.from({ length: 100 }, () => cache.get("a", source.load)));
  assert.deepEqual([new Set(all), source.loads], [new Set(["value 1"]), 1]);
  await clock.advance(999);
  assert.deepEqual(await cache.find("a", source.load), {
    value: "value 1",
    ageMs: 999,
    isStale: false,
    from: "memory",
  });
  await clock.advance(1);
  assert.equal(cache.peek("a"), undefined);
  assert.equal(await cache.get("a", source.load), "value 2");
  assert.equal(await cache.get("b", source.load), "value 3");
  assert.deepEqual(Object.fromEntries(told.counts), {
    "cache.things.miss": 3,
    "cache.things.coalesced": 99,
    "cache.things.hit": 1,
  });
  assert.deepEqual(told.loads, [false, false, false]);
});

Deno.test("a load that throws is not cached, and everybody who waits for it hears of it", async () => {
  const { caches, told } = cacheRig();
  const [source, cache] = [new FakeSource(), caches.open(someCache())];
  source.failure = new Error("down");
  const both = await Promise.allSettled([cache.get("a", source.load), cache.get("a", source.load)]);
  assert.deepEqual(both.map(({ status }) => status), ["rejected", "rejected"]);
  source.failure = undefined;
  assert.equal(await cache.get("a", source.load), "value 2");
  assert.deepEqual(told.loads, [true, false]);
});

Deno.test("that there is nothing is cached as well, for as long as that is said to last", async () => {
  const { caches, clock } = cacheRig();
  const cache = caches.open(someCache<string | null | undefined>({ absentTtlMs: 100 }));
  let loads = 0;
  for (const nothing of [undefined, null]) {
    const ask = () => cache.get(String(nothing), () => (loads++, nothing));
    assert.equal(await ask(), nothing);
    await clock.advance(99);
    assert.equal(await ask(), nothing);
    await clock.advance(1);
    await ask();
  }
  assert.equal(loads, 4);
});

Deno.test("what is stale is given at once while one load brings a new one behind the caller's back", async () => {
  const { caches, clock, background, told } = cacheRig();
  const [source, cache] = [new FakeSource(), caches.open(someCache({ staleWhileRevalidateMs: 500 }))];
  await cache.get("a", source.load);
  await clock.advance(1_200);
  const found = await Promise.all([1, 2, 3].map(() => cache.find("a", source.load)));
  assert.deepEqual(found.map(({ value, isStale }) => [value, isStale]), Array(3).fill(["value 1", true]));
  await Promise.all(background);
  assert.deepEqual([source.loads, await cache.get("a", source.load)], [2, "value 2"]);
  await clock.advance(1_500);
  assert.equal(await cache.get("a", source.load), "value 3"); // Too old to be given.
  assert.equal(told.counts.get("cache.things.stale"), 3);
});

Deno.test("where the source fails what is stale serves and says so, and the source has a second's rest", async () => {
  const { caches, clock, told } = cacheRig();
  const [source, cache] = [new FakeSource(), caches.open(someCache({ staleIfErrorMs: 10_000 }))];
  await cache.get("a", source.load);
  source.failure = new Error("down");
  await clock.advance(1_000);
  for (let times = 0; times < 5; times++) {
    assert.deepEqual(await cache.find("a", source.load), {
      value: "value 1",
      ageMs: 1_000,
      isStale: true,
      from: "memory",
    });
  }
  assert.equal(source.loads, 2);
  await clock.advance(1_000);
  source.failure = undefined;
  assert.equal(await cache.get("a", source.load), "value 3");
  source.failure = new Error("down");
  await clock.advance(11_000);
  await assert.rejects(cache.get("a", source.load), /down/);
  assert.equal(told.counts.get("cache.things.stale"), 5);
});

Deno.test("whoever could have something stale waits for a slow source no longer than they have patience", async () => {
  const { caches, clock } = cacheRig();
  const [source, cache] = [new FakeSource(), caches.open(someCache({ staleIfErrorMs: 10_000, patienceMs: 100 }))];
  await cache.get("a", source.load);
  await clock.advance(1_000);
  const slow = Promise.withResolvers<void>();
  source.gate = slow.promise;
  const asked = cache.find("a", source.load);
  await clock.advance(100);
  assert.deepEqual([(await asked).value, (await asked).isStale], ["value 1", true]);
  slow.resolve();
  await clock.advance(0);
  assert.deepEqual((await cache.find("a", source.load)).value, "value 2", "what came late was thrown away");
});

Deno.test("a load that began before a key was dropped or expired leaves nothing behind", async () => {
  for (const how of ["drop", "expire"] as const) {
    const { caches, clock } = cacheRig();
    const [source, cache] = [new FakeSource(), caches.open(someCache())];
    const slow = Promise.withResolvers<void>();
    source.gate = slow.promise;
    const before = cache.get("a", source.load);
    await clock.advance(0);
    cache[how]("a");
    source.gate = undefined;
    assert.equal(await cache.get("a", source.load), "value 2", how);
    slow.resolve();
    assert.equal(await before, "value 1");
    assert.equal(await cache.get("a", source.load), "value 2", `${how}: the slow load undid the newer one`);
  }
});

Deno.test("what has expired serves where the source fails; what was dropped does not", async () => {
  const { caches } = cacheRig();
  const [source, cache] = [
    new FakeSource(),
    caches.open(someCache({ staleIfErrorMs: 10_000, staleWhileRevalidateMs: 99 })),
  ];
  await cache.get("a", source.load);
  cache.expire("a");
  assert.equal(await cache.get("a", source.load), "value 2"); // Waited for.
  cache.expire("a");
  source.failure = new Error("down");
  assert.deepEqual((await cache.find("a", source.load)).isStale, true);
  await cache.drop("a");
  await assert.rejects(cache.get("a", source.load), /down/);
});

Deno.test("a caller who leaves rejects at once; the load ends when all have left", async () => {
  const { caches, told } = cacheRig();
  const cache = caches.open(someCache());
  const leaving = [new AbortController(), new AbortController()];
  let isAborted = false;
  const load = ({ signal }: { signal: AbortSignal }) =>
    new Promise<string>((_, reject) =>
      signal.addEventListener("abort", () => {
        isAborted = true;
        reject(signal.reason);
      })
    );
  const waiting = leaving.map(({ signal }) => cache.get("a", load, { signal }));
  await Promise.resolve();
  leaving[0]!.abort(new Error("gone"));
  await assert.rejects(waiting[0]!, /gone/);
  assert.equal(isAborted, false);
  leaving[1]!.abort(new Error("gone too"));
  await assert.rejects(waiting[1]!, /gone too/);
  assert.equal(isAborted, true);
  assert.deepEqual([await cache.get("a", () => "new"), told.loads], ["new", [false]]);
});

Deno.test("a knob that is turned counts for what is cached already", async () => {
  let ttlMs = 1_000;
  const knobs = { read: <One extends { defaultValue: unknown }>(_: One) => ttlMs as unknown as ValueOf<NumberKnob> };
  const { caches, clock } = cacheRig({ knobs: knobs as never });
  const ttl = ttlKnob("things", { default: 1_000, lowest: 100, highest: 5_000 });
  const [source, cache] = [new FakeSource(), caches.open(someCache({ ttl }))];
  await cache.get("a", source.load);
  await clock.advance(500);
  ttlMs = 400;
  assert.equal(await cache.get("a", source.load), "value 2");
  ttlMs = 5_000;
  await clock.advance(4_999);
  assert.equal(await cache.get("a", source.load), "value 2");
});

Deno.test("memory is bounded by entries and by bytes, and says what had to go", async () => {
  const { caches, told } = cacheRig();
  const [few, light] = [
    caches.open(someCache({ name: "few", maxEntries: 2 })),
    caches.open(someCache({ name: "light", maxBytes: 1_000 })),
  ];
  for (const key of ["a", "b", "c"]) await few.get(key, () => key);
  assert.deepEqual([few.peek("a"), few.peek("c")?.value], [undefined, "c"]);
  await light.get("a", () => "x".repeat(300));
  await light.get("b", () => "x".repeat(300));
  await light.get("c", () => "x".repeat(3_000)); // Given, not kept.
  assert.deepEqual([light.peek("a"), light.peek("b")?.value.length, light.peek("c")], [undefined, 300, undefined]);
  assert.deepEqual([told.counts.get("cache.few.evicted"), told.counts.get("cache.light.evicted")], [1, 2]);
});
