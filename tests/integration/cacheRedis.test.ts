import assert from "node:assert/strict";
import type { Redis } from "ioredis";
import * as z from "zod";
import { type RedisEval, respEval, upstashEval } from "../../supabase/functions/_shared/breaker/redisEval.ts";
import { jsonCodec } from "../../supabase/functions/_shared/cache/cacheCodec.ts";
import type { CacheOptions } from "../../supabase/functions/_shared/cache/cacheDefinition.ts";
import { RedisLevel } from "../../supabase/functions/_shared/cache/redis/redisLevel.ts";
import { seededRandom } from "../../supabase/functions/_shared/random/seededRandom.ts";
import { cacheRig, FakeSource, someCache } from "../harness/cacheRig.ts";
import { FakeClock } from "../harness/fakeClock.ts";
import { MemoryTagDatabase } from "../harness/memoryTagDatabase.ts";
import { findRedis, serveUpstash, startRedis } from "./redisFixture.ts";

const binary = await findRedis();

/** Isolates over one Redis and one database of tags. How long Redis takes is the machine's affair. */
function fleetOver(evaluate: RedisEval, size: number, options: Partial<CacheOptions<string>> = {}) {
  const [clock, database, source] = [new FakeClock(), new MemoryTagDatabase(), new FakeSource()];
  const isolates = Array.from({ length: size }, (_, number) => {
    const random = seededRandom(number + 1);
    const redis = () => new RedisLevel({ evaluate, clock, random, limitMs: 1e9, log: { warn() {}, info() {} } });
    const rig = cacheRig({ clock, random, redis, tagStore: () => database.store });
    const definition = someCache({ ttl: 60_000, codec: jsonCodec(z.string()), ...options });
    const cache = rig.caches.open(definition);
    const settled = () => Promise.all(rig.background);
    return { ...rig, cache, settled, find: (tags: string[] = []) => cache.find("a", source.load, { tags }) };
  });
  return { clock, database, source, isolates };
}

/** Lets time pass, bit by bit, until `work` is done: somebody waits for Redis in between. */
async function whileTimePasses<Result>(clock: FakeClock, work: Promise<Result>): Promise<Result> {
  let isDone = false;
  const done = work.finally(() => isDone = true);
  done.catch(() => {});
  while (!isDone) await clock.advance(1);
  return await done;
}

const valueKeys = async (client: Redis) => (await client.keys("*")).filter((key) => !key.endsWith(":lease"));

type Check = (evaluate: RedisEval, client: Redis) => Promise<void>;

const checks: Record<string, Check> = {
  "what one isolate has loaded the others get, as old as it is": async (evaluate) => {
    const { isolates: [one, other], source } = fleetOver(evaluate, 2);
    assert.equal((await one!.find()).from, "source");
    await one!.settled();
    const { ageMs, ...found } = await other!.find();
    assert.deepEqual(found, { value: "value 1", isStale: false, from: "redis" });
    assert.ok(ageMs >= 0 && ageMs < 60_000);
    assert.deepEqual([(await other!.find()).from, source.loads], ["memory", 1]);
    assert.equal(other!.told.counts.get("cache.things.redis_hit"), 1);
  },

  "a herd of isolates loads once: the others wait for whoever has the lease": async (evaluate) => {
    const { clock, isolates, source } = fleetOver(evaluate, 10, { leaseWaitMs: 86_000_000 });
    const slow = Promise.withResolvers<void>();
    source.gate = slow.promise;
    const asked = Promise.all(isolates.map(({ find }) => find()));
    while (source.loads === 0) await clock.advance(1);
    slow.resolve();
    const found = await whileTimePasses(clock, asked);
    assert.deepEqual([new Set(found.map(({ value }) => value)), source.loads], [new Set(["value 1"]), 1]);
  },

  "who waits too long, or whose holder failed, loads for itself": async (evaluate) => {
    const { clock, isolates: [one, other, third], source } = fleetOver(evaluate, 3, { leaseWaitMs: 100 });
    const never = new Promise<string>(() => {});
    void one!.cache.get("a", () => never);
    await clock.advance(1);
    assert.equal((await whileTimePasses(clock, other!.find())).value, "value 1");
    source.failure = new Error("down");
    await assert.rejects(third!.cache.get("b", source.load), /down/);
    await third!.settled();
    source.failure = undefined;
    assert.equal(await one!.cache.get("b", source.load), "value 3");
  },

  "a value loaded before its tag was dropped is nobody's any more, wherever it is kept": async (evaluate) => {
    const { clock, database, isolates: [one, other, late], source } = fleetOver(evaluate, 3);
    for (const isolate of [one!, other!]) {
      await isolate.find(["t"]);
      await isolate.settled();
    }
    database.begin("t").commit();
    await clock.advance(1_051);
    assert.equal((await other!.find(["t"])).value, "value 2");
    await other!.settled();
    // One finds the new value, and an isolate that never looked before does, too.
    assert.deepEqual([(await one!.find(["t"])).value, (await late!.find(["t"])).value], ["value 2", "value 2"]);
    assert.equal(source.loads, 2);
  },

  "a load that began before its key was dropped does not come back through Redis": async (evaluate, client) => {
    const { clock, isolates: [one, other], source } = fleetOver(evaluate, 2);
    const slow = Promise.withResolvers<void>();
    source.gate = slow.promise;
    const before = one!.find();
    while (source.loads === 0) await clock.advance(1);
    await other!.cache.drop("a");
    source.gate = undefined;
    assert.equal((await other!.find()).value, "value 2");
    await other!.settled();
    slow.resolve();
    await before;
    await one!.settled();
    const texts = await Promise.all((await valueKeys(client)).map((key) => client.get(key)));
    assert.deepEqual(texts.map((text) => text?.endsWith('"value 2"')), [true]);
  },

  "what cannot be read counts as not there, and is written anew": async (evaluate, client) => {
    for (const text of ["", "x", "\u00e9".repeat(100), "a".repeat(32) + "\nx\n[null,[]]\n7", "{}\n".repeat(40)]) {
      const { isolates: [one, other] } = fleetOver(evaluate, 2);
      await one!.find();
      await one!.settled();
      const [key] = await valueKeys(client);
      await client.set(key!, text);
      assert.equal((await other!.find()).value, "value 2", JSON.stringify(text));
      await client.flushall();
    }
    const { isolates: [one, other] } = fleetOver(evaluate, 2, { codec: jsonCodec(z.string().startsWith("value 2")) });
    await one!.find();
    await one!.settled();
    assert.deepEqual(await other!.find(), { value: "value 2", ageMs: 0, isStale: false, from: "source" });
  },

  "a value past its time serves an isolate whose source fails, and nothing outlives its time": async (
    evaluate,
    client,
  ) => {
    const { clock, isolates: [one, other], source } = fleetOver(evaluate, 2, { ttl: 5_000, staleIfErrorMs: 60_000 });
    await one!.find();
    await one!.settled();
    const [key] = await valueKeys(client);
    const lifeMs = await client.pttl(key!);
    assert.ok(lifeMs > 50_000 && lifeMs <= 65_000);
    const text = (await client.get(key!))!;
    const aged = text.replace(/\n(\d+)\n/, (_, at) => `\n${Number(at) - 10_000}\n`);
    await client.set(key!, aged);
    source.failure = new Error("down");
    const found = await whileTimePasses(clock, other!.find());
    assert.deepEqual([found.value, found.isStale, found.ageMs >= 10_000], ["value 1", true, true]);
  },

  "nobody's key can be read in Redis, and what is too long is not kept": async (evaluate, client) => {
    const { isolates: [one] } = fleetOver(evaluate, 1);
    const own = one!.caches.scopedTo("user:alice@example.com").of(
      someCache({ name: "own", codec: jsonCodec(z.string()) }),
    );
    await own.get("secret key", () => "v");
    await own.get("long", () => "x".repeat(300_000));
    await one!.settled();
    const keys = await client.keys("*");
    assert.equal(keys.length, 1);
    assert.match(keys[0]!, /^\{ballast:cache:[0-9a-f]{40}\}$/);
  },
};

for (const [name, check] of Object.entries(checks)) {
  for (const isRest of [false, true]) {
    const way = isRest ? "over REST" : "over RESP";
    Deno.test({ name: `caches in Redis ${way}: ${name}`, ignore: binary === undefined }, async () => {
      await using server = await startRedis(binary!);
      await using closing = new AsyncDisposableStack();
      const token = "secret";
      const evaluate = isRest
        ? upstashEval({ url: closing.use(serveUpstash(server.client, token)).url, token })
        : respEval(server.client);
      await check(evaluate, server.client);
    });
  }
}
