import assert from "node:assert/strict";
import type { Redis } from "ioredis";
import { postgresCircuitStore } from "../../supabase/functions/_shared/breaker/postgresCircuitStore.ts";
import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import { parseConnectionUrl } from "../../supabase/functions/_shared/db/connectionSettings.ts";
import { redisCircuitStore } from "../../supabase/functions/_shared/breaker/redisCircuitStore.ts";
import { respEval, upstashEval } from "../../supabase/functions/_shared/breaker/redisEval.ts";
import { createSqlClient } from "../../supabase/functions/_shared/db/sqlClient.ts";
import { MemoryCircuitStore } from "../harness/memoryCircuitStore.ts";
import { type TestDatabase, testDatabase } from "../harness/testDatabase.ts";
import { findRedis, serveUpstash, startRedis } from "./redisFixture.ts";
import { findPgbouncer, startPgbouncer } from "./connectPgbouncer.ts";
import { circuitStoreContract, type StoreUnderTest } from "./circuitStoreContract.ts";

function memory(): StoreUnderTest {
  let nowMs = 0;
  return {
    store: new MemoryCircuitStore(() => nowMs),
    passTime: (ms) => Promise.resolve(void (nowMs += ms)),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function postgres(database: TestDatabase, url = database.url): StoreUnderTest {
  const client = createSqlClient({ ...parseConnectionUrl(url), poolSize: 4, applicationName: "circuits" });
  return {
    store: postgresCircuitStore(() => adminDatabase(client)),
    passTime: async (ms) => {
      const passed = `${ms} milliseconds`;
      await database.sql`update resilience.circuits set until_at = until_at - ${passed}::interval`;
      await database.sql`update resilience.circuit_reports
        set until_at = until_at - ${passed}::interval, reported_at = reported_at - ${passed}::interval`;
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}

/** A test cannot wait for Redis's own clock, but it can move what is measured by it. */
async function passRedisTime(client: Redis, ms: number): Promise<void> {
  const shifts = { phases: /^(\d+:)(\d+)(:.*)$/s, reports: /^()(\d+)(:.*)$/s };
  for (const [hash, pattern] of Object.entries(shifts)) {
    for (const [field, text] of Object.entries(await client.hgetall(`{ballast:circuits}:${hash}`))) {
      const [, before, untilMs, after] = pattern.exec(text)!;
      await client.hset(`{ballast:circuits}:${hash}`, field, `${before}${Number(untilMs) - ms}${after}`);
    }
  }
}

async function redis(binary: string, isRest: boolean): Promise<StoreUnderTest> {
  const closing = new AsyncDisposableStack();
  const { client } = closing.use(await startRedis(binary));
  const token = "secret";
  const evaluate = isRest
    ? upstashEval({ url: closing.use(serveUpstash(client, token)).url, token })
    : respEval(client);
  return {
    store: redisCircuitStore(evaluate),
    passTime: (ms) => passRedisTime(client, ms),
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

async function pooled(database: TestDatabase, binary: string): Promise<StoreUnderTest> {
  const closing = new AsyncDisposableStack();
  const pooler = closing.use(await startPgbouncer(binary, database.url));
  const test = closing.use(postgres(database, pooler.url));
  return { ...test, [Symbol.asyncDispose]: () => closing.disposeAsync() };
}

const redisBinary = await findRedis();
const pgbouncer = await findPgbouncer();

for (const [name, check] of Object.entries(circuitStoreContract)) {
  Deno.test(`circuits in memory: ${name}`, async () => {
    await using test = memory();
    await check(test);
  });

  Deno.test(`circuits in Postgres: ${name}`, async () => {
    await using database = await testDatabase();
    await using test = postgres(database);
    await check(test);
  });

  Deno.test(
    { name: `circuits in Postgres behind a transaction pooler: ${name}`, ignore: pgbouncer === undefined },
    async () => {
      await using database = await testDatabase();
      await using test = await pooled(database, pgbouncer!);
      await check(test);
    },
  );

  for (const isRest of [false, true]) {
    const way = isRest ? "over REST" : "over RESP";
    Deno.test({ name: `circuits in Redis ${way}: ${name}`, ignore: redisBinary === undefined }, async () => {
      await using test = await redis(redisBinary!, isRest);
      await check(test);
    });
  }
}

Deno.test(
  { name: "circuits in Redis over REST: a wrong token is told", ignore: redisBinary === undefined },
  async () => {
    await using server = await startRedis(redisBinary!);
    await using rest = serveUpstash(server.client, "secret");
    const store = redisCircuitStore(upstashEval({ url: rest.url, token: "wrong" }));
    await assert.rejects(store.read(), /401: WRONGPASS/);
  },
);

Deno.test("circuits in Postgres: each change is kept with its reason and the votes, a person's UPDATE too", async () => {
  await using database = await testDatabase();
  await using test = postgres(database);
  await test.store.report({
    name: "ai",
    isolate: "i1",
    epoch: 0,
    calls: 5,
    failures: 5,
    isDoubtful: false,
    lastsMs: 9_000,
  });
  await test.store.change("ai", 0, { kind: "open", lastsMs: 5_000, trips: 1 }, "it failed for 2 isolates");
  await database
    .sql`update resilience.circuits set override = 'closed', override_reason = 'we know better' where name = 'ai'`;
  assert.equal((await test.store.read()).circuits[0]?.override?.reason, "we know better");
  const changes = await database.sql`
    select epoch::integer, phase, reason, override, changed_by, votes from resilience.circuit_changes order by id`;
  assert.deepEqual(changes.map(({ phase, override }) => [phase, override]), [["open", null], ["open", "closed"]]);
  assert.deepEqual(changes[0]?.votes, [{ isolate: "i1", calls: 5, failures: 5, isDoubtful: false }]);
  assert.equal(changes[1]?.changed_by, "role:postgres");
});

Deno.test("circuits in Postgres: what operators tune comes with the read", async () => {
  await using database = await testDatabase();
  await using test = postgres(database);
  await database.sql`insert into resilience.tuning_parameters (name, value)
    values ('circuit.lovable-ai.failureThreshold', '3'), ('circuit.lovable-ai.timeout', '2000'), ('other.thing', '1')`;
  const { tuning } = await test.store.read();
  assert.deepEqual([...tuning], [["lovable-ai", { failureThreshold: 3, timeout: 2_000 }]]);
});

Deno.test("circuits in Postgres: what has expired is purged, what counts stays", async () => {
  await using database = await testDatabase();
  await using test = postgres(database);
  const report = { name: "ai", epoch: 0, calls: 5, failures: 5, isDoubtful: false };
  await test.store.report({ ...report, isolate: "i1", lastsMs: 1_000 });
  await test.store.report({ ...report, isolate: "i2", lastsMs: 60_000 });
  await test.store.change("ai", 0, { kind: "open", lastsMs: 5_000, trips: 1 }, "it failed");
  await test.passTime(5_000);
  const purge = async (isDryRun: boolean) => {
    const [row] = await database
      .sql`select resilience.purge_circuits(now() - interval '1 hour', 100, ${isDryRun}) as n`;
    return row?.n;
  };
  assert.deepEqual([await purge(true), await purge(false), await purge(false)], [1, 1, 0]);
  assert.equal((await test.store.read()).circuits[0]?.suspects, 1);
});
