import assert from "node:assert/strict";
import { FakeClock } from "../../../../tests/harness/fakeClock.ts";
import { SnapshotCache } from "./snapshotCache.ts";
import { ttlKnob } from "./ttlKnob.ts";

// How it behaves over time is told by the tests of the flags' cache, which is made of it.
Deno.test("it says once that the store is gone, and once that it is back", async () => {
  const clock = new FakeClock();
  const told: string[] = [];
  let isDown = true;
  const cache = new SnapshotCache(() => isDown ? Promise.reject(new Error("down")) : Promise.resolve(7), {
    clock,
    what: "numbers",
    onFailing: (_error, isKnown) => told.push(`failing ${isKnown}`),
    onBack: () => told.push("back"),
  });
  for (let second = 0; second < 3; second++) {
    assert.deepEqual(await cache.snapshot(), { value: undefined, readAtMs: undefined, isStale: true });
    await clock.advance(1_000);
  }
  isDown = false;
  assert.deepEqual([(await cache.snapshot()).value, told], [7, ["failing false", "back"]]);
});

Deno.test("while nothing is known a read may take longer; afterwards the last known value serves", async () => {
  const clock = new FakeClock();
  const answers: ((value: number) => void)[] = [];
  const read = () => new Promise<number>((resolve) => answers.push(resolve));
  const cache = new SnapshotCache(read, { clock, what: "numbers", firstReadLimitMs: 5_000 });
  const first = cache.snapshot();
  await clock.advance(4_000);
  answers[0]!(7);
  assert.deepEqual([(await first).value, (await first).isStale], [7, false]);
  await clock.advance(1_000);
  const second = cache.snapshot();
  await clock.advance(500);
  assert.deepEqual([(await second).value, (await second).isStale], [7, true]);
  answers[1]!(8);
});

Deno.test("a knob that is turned counts from the next reader on, and its reads are told as a cache's", async () => {
  const clock = new FakeClock();
  const counts: string[] = [];
  let [reads, ttlMs] = [0, 1_000];
  const cache = new SnapshotCache(() => Promise.resolve(++reads), {
    clock,
    what: "numbers",
    ttlKnob: ttlKnob("numbers", { default: 1_000, lowest: 100, highest: 5_000 }),
    knobs: { read: () => ttlMs as never },
    observer: { called: () => {}, happened: () => {}, counted: (counter) => void counts.push(counter) },
  });
  await cache.snapshot();
  await clock.advance(200);
  assert.equal((await cache.snapshot()).value, 1);
  ttlMs = 200;
  assert.equal((await cache.snapshot()).value, 2);
  assert.deepEqual(counts, ["cache.numbers.miss", "cache.numbers.hit", "cache.numbers.miss"]);
});
