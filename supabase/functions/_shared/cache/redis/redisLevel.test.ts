import assert from "node:assert/strict";
import * as z from "zod";
import { cacheRig, FakeSource, someCache } from "../../../../../tests/harness/cacheRig.ts";
import { FakeClock } from "../../../../../tests/harness/fakeClock.ts";
import { seededRandom } from "../../random/seededRandom.ts";
import { jsonCodec } from "../cacheCodec.ts";
import { RedisLevel } from "./redisLevel.ts";

/** An isolate over a Redis that does as the test says. */
function rigOver(evaluate: () => Promise<unknown>) {
  const clock = new FakeClock();
  const lines: string[] = [];
  const log = { warn: (line: string) => void lines.push(line), info: (line: string) => void lines.push(line) };
  const redis = () => new RedisLevel({ evaluate, clock, random: seededRandom(1), log });
  const { caches, background } = cacheRig({ clock, redis });
  const [source, cache] = [new FakeSource(), caches.open(someCache({ codec: jsonCodec(z.string()) }))];
  return { clock, lines, source, cache, background };
}

Deno.test("a Redis that does not answer costs 50 ms twice, then nothing; it is said once, and once that it is back", async () => {
  let isDown = true;
  let asked = 0;
  const { clock, lines, source, cache, background } = rigOver(() => {
    asked++;
    return isDown ? new Promise(() => {}) : Promise.resolve(["1", "", 1]);
  });
  const waits: number[] = [];
  for (let number = 0; number < 10; number++) {
    const before = clock.monotonic();
    let isDone = false;
    const asking = cache.get(number, source.load).finally(() => isDone = true);
    while (!isDone) await clock.advance(isDone ? 0 : 1);
    waits.push(clock.monotonic() - before);
    assert.equal(await asking, `value ${number + 1}`);
  }
  assert.ok(waits.every((ms, number) => number < 2 ? ms >= 50 && ms <= 53 : ms <= 3), String(waits));
  assert.equal(asked, 2);
  isDown = false;
  await clock.advance(2_000);
  await cache.get("later", source.load);
  await Promise.all(background);
  assert.deepEqual(lines, [
    "Redis cannot be reached: caches are in memory alone",
    "Redis can be reached again: caches use it",
  ]);
});

Deno.test("a Redis that answers with an error, or with nonsense, is as if there were none", async () => {
  for (const answer of [() => Promise.reject(new Error("OOM")), () => Promise.resolve(["1", "nonsense", 0])]) {
    const { source, cache, background } = rigOver(answer);
    assert.equal(await cache.get("a", source.load), "value 1");
    assert.equal(await cache.get("a", source.load), "value 1");
    await Promise.all(background);
  }
});

Deno.test("what cannot be encoded stays in memory", async () => {
  const { source, cache, background } = rigOver(() => Promise.resolve(["1", "", 1]));
  const circular: unknown[] = [];
  circular.push(circular);
  assert.equal(await cache.get("a", () => circular as unknown as string), circular as unknown);
  await Promise.all(background);
  assert.equal(await cache.get("a", source.load), circular as unknown);
});
