import assert from "node:assert/strict";
import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import { openRetryBudget } from "../../supabase/functions/_shared/policies/openRetryBudget.ts";
import { postgresRetryBudgetStore } from "../../supabase/functions/_shared/policies/postgresRetryBudgetStore.ts";
import { retry } from "../../supabase/functions/_shared/policies/retry.ts";
import { print } from "../../tools/print.ts";
import { type TestDatabase, testDatabase } from "../harness/testDatabase.ts";
import { findPgbouncer, startPgbouncer } from "./connectPgbouncer.ts";
import { client } from "./dbFixture.ts";

const pgbouncer = await findPgbouncer();
const skipped = pgbouncer === undefined ? " (SKIPPED: pgbouncer is not installed, 'apt-get install pgbouncer')" : "";

const isolates = 50;
const callsEach = 20;

/** A fleet whose isolates have a budget and a connection each, and a dependency that counts what reaches it. */
function openFleet(url: string, { isPooled = false } = {}) {
  const stack = new AsyncDisposableStack();
  let [isDown, reached] = [false, 0];
  const fleet = Array.from({ length: isolates }, () => {
    const made = stack.use(client(url, { isPooled }));
    const store = postgresRetryBudgetStore(() => adminDatabase(made));
    // A busy machine may take longer than a second to open fifty connections at once.
    const budget = openRetryBudget({ name: "payments", store, leaseTimeoutMs: 20_000 });
    return retry({ maxAttempts: 4, baseMs: 1, capMs: 5, budget });
  });
  const work = () => {
    reached++;
    return isDown ? Promise.reject(new Error("down")) : Promise.resolve("fine");
  };
  return {
    setDown: (value: boolean) => void (isDown = value),
    /** All isolates at once, each one call after the other; gives the calls that reached the dependency. */
    async callAll(): Promise<number> {
      const before = reached;
      await Promise.all(fleet.map(async (policy) => {
        for (let call = 0; call < callsEach; call++) await policy.execute(work).catch(() => {});
      }));
      return reached - before;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function measureOutage(test: TestDatabase, label: string, { url = test.url, isPooled = false } = {}) {
  const calls = isolates * callsEach;
  const tell = (state: string, reached: number) => {
    const amplification = reached / calls;
    print(`retry budget, ${label}, ${state}: ${reached} of ${calls} calls, amplification ${amplification.toFixed(3)}`);
    assert.ok(amplification <= 1.2, `amplification is ${amplification}`);
    assert.ok(amplification > 1.1, "the fleet's reserve was not drawn on");
  };
  await using cold = openFleet(url, { isPooled });
  cold.setDown(true);
  tell("isolates that have just begun", await cold.callAll());
  await test.sql`delete from resilience.retry_budgets`;

  await using warm = openFleet(url, { isPooled });
  assert.equal(await warm.callAll(), calls);
  assert.equal(
    (await test.sql`select budget from resilience.retry_budgets`).length,
    0,
    "all was well, and was written",
  );
  warm.setDown(true);
  tell("isolates that have saved up", await warm.callAll());
}

Deno.test("in a total outage fifty isolates make at most 1.2 times their calls, and write nothing before it", async () => {
  await using test = await testDatabase();
  await measureOutage(test, "direct");
});

Deno.test({
  name: `in a total outage the budget holds behind a real transaction pooler, too${skipped}`,
  ignore: pgbouncer === undefined,
  async fn() {
    await using test = await testDatabase();
    await using pooler = await startPgbouncer(pgbouncer!, test.url);
    await measureOutage(test, "pgbouncer", { url: pooler.url, isPooled: true });
  },
});

Deno.test("a reserve gives what it holds, and fills up by time and by failures, to the brim and by the database's clock", async () => {
  await using test = await testDatabase();
  const lease = async (wanted: number, earned = 0) =>
    (await test.sql`select resilience.lease_retries('b', 10, 1000000, ${earned}, ${wanted}) as granted`)[0]!.granted;
  const age = (by: string) =>
    test.sql`update resilience.retry_budgets set counted_at = counted_at - ${by}::text::interval`;
  assert.deepEqual([await lease(4), await lease(4), await lease(4), await lease(4)], [4, 4, 2, 0]);
  assert.equal(await lease(5, 3.5), 3);
  await age("250 seconds");
  assert.equal(await lease(5), 3); // A half was left, and two and a half have come back.
  await age("10 days");
  assert.equal(await lease(100, 50), 10);
  await test.sql`update resilience.retry_budgets set counted_at = clock_timestamp() + interval '1 hour'`;
  assert.deepEqual([await lease(1), await lease(1, -5)], [0, 0]); // Neither a clock set back nor a debt makes any.
});

Deno.test("isolates that lease at once share one reserve exactly, and nobody but the service reaches it", async () => {
  await using test = await testDatabase();
  const granted = await Promise.all(
    Array.from({ length: 40 }, () => test.sql`select resilience.lease_retries('b', 15, 2000000000, 0, 2) as granted`),
  );
  assert.equal(granted.reduce((sum, [row]) => sum + row!.granted, 0), 15);
  for (const role of ["anon", "authenticated"]) {
    await assert.rejects(
      test.sql.begin(async (sql) => {
        await sql.unsafe(`set local role ${role}`);
        await sql`select resilience.lease_retries('b', 1, 1, 0, 1)`;
      }),
      { code: "42501" },
    );
  }
  const asService = await test.sql.begin(async (sql) => {
    await sql`set local role service_role`;
    return await sql`select resilience.lease_retries('other', 1, 1000, 0, 1) as granted`;
  });
  assert.equal(asService[0]!.granted, 1);
});

Deno.test("when the database goes, an isolate retries what it has earned", async () => {
  await using dead = client("postgres://localhost:1/none");
  const budget = openRetryBudget({ store: postgresRetryBudgetStore(() => adminDatabase(dead)) });
  let retries = 0;
  for (let call = 0; call < 40; call++) {
    budget.earn();
    if (await budget.spend()) retries++;
  }
  assert.equal(retries, 4);
});
