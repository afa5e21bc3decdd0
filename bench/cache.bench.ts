import type { Redis } from "ioredis";
import { LRUCache } from "lru-cache";
import * as z from "zod";
import { respEval } from "../supabase/functions/_shared/breaker/redisEval.ts";
import { jsonCodec } from "../supabase/functions/_shared/cache/cacheCodec.ts";
import { defineCache } from "../supabase/functions/_shared/cache/cacheDefinition.ts";
import { type Cache, Caches } from "../supabase/functions/_shared/cache/caches.ts";
import { RedisLevel } from "../supabase/functions/_shared/cache/redis/redisLevel.ts";
import { systemRandom } from "../supabase/functions/_shared/random/random.ts";
import { systemClock } from "../supabase/functions/_shared/time/clock.ts";
import { findRedis, startRedis } from "../tests/integration/redisFixture.ts";
import { connect } from "../local/database/connect.ts";
import { testDatabase } from "../tests/harness/testDatabase.ts";
import type { Bench } from "./report/bench.ts";
import { markdownTable } from "./report/markdownTable.ts";
import { median } from "./report/median.ts";

const rounds = 15;
const callsARound = 100_000;
const keys = Array.from({ length: 1_000 }, (_, number) => `sku-${number}`);
const options = { ttl: 3_600_000, maxEntries: 1_000 } as const;

interface Price {
  readonly sku: string;
  readonly cents: number;
}

const priceOf = (sku: string): Price => ({ sku, cents: 1_999 });

/** Reads one key; each has been read before. */
type Side = (key: string) => unknown;

function ours(isTagged: boolean): Cache<Price> {
  const cache = new Caches().open(defineCache<Price>({ name: "prices", sharedBecause: "a benchmark", ...options }));
  const tagged = { tags: ["prices"] };
  return isTagged ? { ...cache, get: (key, load) => cache.get(key, load, tagged) } : cache;
}

async function openSides(): Promise<readonly (readonly [string, Side])[]> {
  const [plain, tagged] = [ours(false), ours(true)];
  const own = new Caches().scopedTo('["user","6f1c1f9e-0000-4000-8000-000000000001","authenticated",[["aal","aal1"]]]')
    .of(defineCache<Price>({ name: "own", ...options }));
  const theirs = new LRUCache<string, Price>({ max: 1_000, ttl: options.ttl, fetchMethod: (sku) => priceOf(sku) });
  const sides: (readonly [string, Side])[] = [
    ["a bare Map", (key) => map.get(key)],
    ["lru-cache: get, at once", (key) => theirs.get(key)],
    ["ours: peek, at once", (key) => plain.peek(key)?.value],
    ["lru-cache: fetch", (key) => theirs.fetch(key)],
    ["ours: get", (key) => plain.get(key, () => priceOf(key))],
    ["ours: get, with a tag", (key) => tagged.get(key, () => priceOf(key))],
    ["ours: get, a caller's own", (key) => own.get(key, () => priceOf(key))],
  ];
  for (const key of keys) {
    for (const [, side] of sides.slice(3)) await side(key);
  }
  return sides;
}

const map = new Map(keys.map((key) => [key, priceOf(key)]));

async function time([label, side]: readonly [string, Side]): Promise<number> {
  const isAtOnce = label.includes("at once") || label.includes("Map");
  let at = 7;
  const startedAt = performance.now();
  for (let call = 0; call < callsARound; call++) {
    at = (at * 31 + 17) % keys.length;
    const answer = side(keys[at]!);
    if (!isAtOnce) await answer;
  }
  return (performance.now() - startedAt) * 1e6 / callsARound;
}

async function measureHits(progress: (line: string) => void): Promise<string> {
  const sides = await openSides();
  const times = new Map<string, number[]>(sides.map(([label]) => [label, []]));
  for (let round = -3; round < rounds; round++) {
    for (const side of round % 2 === 0 ? sides : [...sides].reverse()) {
      const took = await time(side);
      if (round >= 0) times.get(side[0])!.push(took); // The first rounds warm up.
    }
  }
  const of = (label: string) => median(times.get(label)!);
  const rows = sides.map(([label]) => {
    const peer = label.includes("at once") ? "lru-cache: get, at once" : "lru-cache: fetch";
    progress(`${label}: ${of(label).toFixed(0)} ns`);
    return [label, of(label).toFixed(0), label.includes("Map") ? "-" : (of(label) / of(peer)).toFixed(2)];
  });
  return markdownTable(["a hit in memory", "ns, median", "times lru-cache"], rows);
}

/** An isolate's caches over a Redis: what it has not in memory it asks for there. */
function isolateOver(client: Redis): Cache<Price> {
  const log = { warn: () => {}, info: () => {} };
  const redis = () => new RedisLevel({ evaluate: respEval(client), clock: systemClock, random: systemRandom, log });
  const codec = jsonCodec(z.object({ sku: z.string(), cents: z.number() }));
  const definition = defineCache<Price>({ name: "prices", sharedBecause: "a benchmark", codec, ...options });
  return new Caches({ redis }).open(definition);
}

async function measureLevels(progress: (line: string) => void): Promise<string> {
  const binary = await findRedis();
  if (binary === undefined) return "Redis is not on this machine.";
  await using server = await startRedis(binary);
  await using database = await testDatabase();
  await using sql = connect(database.url);
  await sql`create table public.prices (sku text primary key, cents integer not null)`;
  await sql`insert into public.prices select 'sku-' || n, 1999 from generate_series(0, 999) n`;
  const read = async (sku: string) =>
    (await sql<Price[]>`select sku, cents from public.prices where sku = ${sku}`).map((row) => ({ ...row }))[0]!;
  const [first, second, alone] = [isolateOver(server.client), isolateOver(server.client), ours(false)];
  await server.client.set("bare", JSON.stringify(priceOf("sku-1")));
  let loads = 0;
  const levels: readonly (readonly [string, (sku: string) => Promise<unknown>])[] = [
    ["Postgres, bare", read],
    ["ours: memory miss, Postgres read", (sku) => alone.get(sku, () => read(sku))],
    ["ours: memory and Redis miss, Postgres read", (sku) => first.get(sku, () => read(sku))],
    ["Redis, a bare GET (ioredis)", () => server.client.get("bare")],
    ["ours: memory miss, Redis hit", (sku) => second.get(sku, () => (loads++, read(sku)))],
  ];
  const took = new Map<string, number[]>(levels.map(([label]) => [label, []]));
  for (let number = 0; number < 1_000; number++) {
    for (const [label, ask] of levels) {
      const startedAt = performance.now();
      await ask(`sku-${number}`);
      if (number >= 100) took.get(label)!.push(performance.now() - startedAt); // The first ones warm up.
    }
  }
  if (loads > 0) progress(`${loads} loads where Redis had the value`);
  const rows = levels.map(([label]) => [label, median(took.get(label)!).toFixed(3)]);
  rows.forEach((row) => progress(row.join(": ")));
  return markdownTable(["where it was", "ms, median"], rows);
}

async function measure(progress: (line: string) => void): Promise<string> {
  return `A thousand entries that live for an hour, read in a scattered order, beside lru-cache 11.5.3 with the same bounds; in one
process, ${rounds} interleaved rounds of ${callsARound.toLocaleString("en")} calls after three of warm-up.

${await measureHits(progress)}

By level, one call after the other and the levels in turn, with Redis on a socket of the same machine:

${await measureLevels(progress)}`;
}

/** What a cached value costs, by where it is. */
export const cacheBench: Bench = { name: "cache", title: "What is cached", run: measure };
