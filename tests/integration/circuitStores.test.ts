import assert from "node:assert/strict";
import { postgresCircuitStore } from "../../supabase/functions/_shared/breaker/postgresCircuitStore.ts";
import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import { parseConnectionUrl } from "../../supabase/functions/_shared/db/connectionSettings.ts";
import { createSqlClient } from "../../supabase/functions/_shared/db/sqlClient.ts";
import { MemoryCircuitStore } from "../harness/memoryCircuitStore.ts";
import { type TestDatabase, testDatabase } from "../harness/testDatabase.ts";
import { circuitStoreContract, type StoreUnderTest } from "./circuitStoreContract.ts";

function memory(): StoreUnderTest {
  let nowMs = 0;
  return {
    store: new MemoryCircuitStore(() => nowMs),
    passTime: (ms) => Promise.resolve(void (nowMs += ms)),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function postgres(database: TestDatabase): StoreUnderTest {
  const client = createSqlClient({ ...parseConnectionUrl(database.url), poolSize: 4, applicationName: "circuits" });
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
}

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
