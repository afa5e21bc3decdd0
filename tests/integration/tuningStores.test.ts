import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import { parseConnectionUrl } from "../../supabase/functions/_shared/db/connectionSettings.ts";
import { createSqlClient } from "../../supabase/functions/_shared/db/sqlClient.ts";
import { readTuning } from "../../supabase/functions/_shared/optimizer/knobs/readTuning.ts";
import { postgresTuningStore } from "../../supabase/functions/_shared/optimizer/lifecycle/postgresTuningStore.ts";
import { FakeClock } from "../harness/fakeClock.ts";
import { MemoryTuningStore } from "../harness/memoryTuningStore.ts";
import { testDatabase } from "../harness/testDatabase.ts";
import { findPgbouncer, startPgbouncer } from "./connectPgbouncer.ts";
import { type StoreUnderTest, tuningStoreContract } from "./tuningStoreContract.ts";

function memory(): StoreUnderTest {
  const clock = new FakeClock();
  const store = new MemoryTuningStore(() => clock.now());
  return {
    store,
    tuning: () => Promise.resolve(store.tuning()),
    passTime: (ms) => clock.advance(ms),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function postgres(poolerBinary?: string): Promise<StoreUnderTest> {
  const closing = new AsyncDisposableStack();
  const database = closing.use(await testDatabase());
  const { url } = poolerBinary === undefined ? database : closing.use(await startPgbouncer(poolerBinary, database.url));
  const client = createSqlClient({ ...parseConnectionUrl(url), poolSize: 4, applicationName: "tuning" });
  closing.defer(() => client.close());
  const admin = adminDatabase(client);
  return {
    store: postgresTuningStore(admin),
    tuning: () => readTuning(admin.sql),
    passTime: async (ms) => {
      const passed = `${ms} milliseconds`;
      await database.sql`update resilience.tuning_parameters
        set trial_began_at = trial_began_at - ${passed}::interval, trial_until = trial_until - ${passed}::interval`;
    },
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

const pgbouncer = await findPgbouncer();

for (const [name, check] of Object.entries(tuningStoreContract)) {
  Deno.test(`changes in memory: ${name}`, async () => {
    await using test = memory();
    await check(test);
  });

  Deno.test(`changes in Postgres: ${name}`, async () => {
    await using test = await postgres();
    await check(test);
  });

  Deno.test({
    name: `changes in Postgres behind a transaction-mode pooler: ${name}`,
    ignore: pgbouncer === undefined,
    fn: async () => {
      await using test = await postgres(pgbouncer);
      await check(test);
    },
  });
}
