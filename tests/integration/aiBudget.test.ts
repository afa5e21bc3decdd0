import assert from "node:assert/strict";
import type { SqlTag } from "../../supabase/functions/_shared/db/database.ts";
import type { AiBudget, AiReservation } from "../../supabase/functions/_shared/ai/budget/aiBudget.ts";
import { type AiBudgetOptions, postgresAiBudget } from "../../supabase/functions/_shared/ai/budget/postgresAiBudget.ts";
import { PurgeRetention, purgeTargets } from "../../supabase/functions/_domains/ops/purgeTargets.ts";
import { waitUntil } from "../../local/database/waitUntil.ts";
import { testDatabase } from "../harness/testDatabase.ts";
import { openAdmin } from "./aiFixture.ts";

const usage = { inputTokens: 10, outputTokens: 5, cacheReadTokens: 2, cacheWriteTokens: 1 };

const reservation = (settings: Partial<AiReservation> = {}): AiReservation => ({
  id: crypto.randomUUID(),
  caller: "user:1",
  promptName: "greet",
  promptVersion: 1,
  provider: "fake",
  model: "fake-1",
  tokens: 100,
  microUsd: 100,
  ...settings,
});

function budgetOf({ sql }: { readonly sql: SqlTag }, options: AiBudgetOptions = {}) {
  const limits = { callerTokens: undefined, callerMicroUsd: undefined, projectMicroUsd: undefined, ...options };
  return postgresAiBudget(() => sql, limits);
}

const settled = (microUsd: number) => ({ outcome: "answered" as const, usage, microUsd, isEstimated: false });

Deno.test("however many isolates reserve at once, the last cent is spent once", async () => {
  await using database = await testDatabase();
  await using admin = openAdmin(database);
  const budget = budgetOf(admin, { callerMicroUsd: 1_050 });
  const grants = await Promise.all(Array.from({ length: 60 }, () => budget.reserve(reservation())));
  assert.equal(grants.filter(({ isGranted }) => isGranted).length, 10);
  const refused = grants.find(({ isGranted }) => !isGranted);
  assert.ok(refused?.isGranted === false && refused.refusedBy === "caller" && refused.retryAfterMs > 0);
  assert.ok(refused.retryAfterMs <= 86_400_000);
  assert.deepEqual(await budget.reserve(reservation({ microUsd: 50 })), { isGranted: true });
  assert.deepEqual(await budget.reserve(reservation({ caller: "user:2" })), { isGranted: true });
});

Deno.test("one that reserves waits for another that is about to, the caller's as the project's", async () => {
  for (const limits of [{ callerMicroUsd: 150 }, { projectMicroUsd: 150 }]) {
    await using database = await testDatabase();
    await using admin = openAdmin(database);
    const callers = "callerMicroUsd" in limits ? ["user:1", "user:1"] : ["user:1", "user:2"];
    // The rows of the day are there: what follows is not held up by their making.
    for (const caller of callers) await budgetOf(admin).reserve(reservation({ caller, microUsd: 0 }));
    let second: ReturnType<AiBudget["reserve"]> | undefined;
    let isSettled = false;
    await admin.transaction(async (sql) => {
      assert.ok((await budgetOf({ sql }, limits).reserve(reservation({ caller: callers[0]! }))).isGranted);
      second = budgetOf(admin, limits).reserve(reservation({ caller: callers[1]! }));
      second.finally(() => isSettled = true);
      const isWaiting = async () => {
        const waiting = await database
          .sql`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
        return waiting.length > 0 || isSettled;
      };
      assert.ok(await waitUntil(isWaiting, { timeoutMs: 10_000 }));
      assert.equal(isSettled, false, "it did not wait");
    });
    assert.equal((await second!).isGranted, false);
  }
});

Deno.test("the project's limit holds over all callers, however they race", async () => {
  await using database = await testDatabase();
  await using admin = openAdmin(database);
  const budget = budgetOf(admin, { projectMicroUsd: 1_000 });
  const grants = await Promise.all(
    Array.from({ length: 40 }, (_, index) => budget.reserve(reservation({ caller: `user:${index}` }))),
  );
  assert.equal(grants.filter(({ isGranted }) => isGranted).length, 10);
  assert.ok(grants.every((grant) => grant.isGranted || grant.refusedBy === "project"));
});

Deno.test("what is settled counts as it was, and frees the rest; twice is once", async () => {
  await using database = await testDatabase();
  await using admin = openAdmin(database);
  const budget = budgetOf(admin, { callerMicroUsd: 150, callerTokens: 1_000 });
  const first = reservation();
  assert.ok((await budget.reserve(first)).isGranted);
  assert.equal((await budget.reserve(reservation())).isGranted, false);
  await Promise.all([budget.settle(first.id, settled(40)), budget.settle(first.id, settled(40))]);
  await budget.settle(crypto.randomUUID(), settled(40));
  assert.ok((await budget.reserve(reservation())).isGranted);
  const spend = await database
    .sql`select caller, calls, tokens, cost_micro_usd as cost from resilience.ai_spend order by caller`;
  assert.deepEqual(spend.map(({ caller, calls, tokens, cost }) => [caller, calls, Number(tokens), Number(cost)]), [
    ["*", 1, 18, 40],
    ["user:1", 1, 18, 40],
  ]);
  assert.equal((await budget.reserve(reservation({ tokens: 900, microUsd: 0 }))).isGranted, false, "too many tokens");
});

Deno.test("the same reservation again is the same one", async () => {
  await using database = await testDatabase();
  await using admin = openAdmin(database);
  const budget = budgetOf(admin, { callerMicroUsd: 100 });
  const once = reservation();
  assert.deepEqual([await budget.reserve(once), await budget.reserve(once)], [{ isGranted: true }, {
    isGranted: true,
  }]);
});

Deno.test("a call that nobody settles counts until its reservation expires, and what comes late is booked all the same", async () => {
  await using database = await testDatabase();
  await using admin = openAdmin(database);
  const budget = budgetOf(admin, { callerMicroUsd: 100 });
  const crashed = reservation();
  await budget.reserve(crashed);
  assert.equal((await budget.reserve(reservation())).isGranted, false);
  // The database's clock is not ours to turn: the reservation is moved into the past instead.
  await database.sql`update resilience.ai_usage
    set reserved_at = reserved_at - interval '1 hour', expires_at = expires_at - interval '1 hour'`;
  const next = reservation();
  assert.equal((await budget.reserve(next)).isGranted, true);
  await budget.settle(next.id, settled(0));
  await budget.settle(crashed.id, settled(100));
  assert.equal((await budget.reserve(reservation({ microUsd: 1 })))?.isGranted, false);
});

Deno.test("only the functions change figures, and API roles see nothing", async () => {
  await using database = await testDatabase();
  await using admin = openAdmin(database);
  await budgetOf(admin).reserve(reservation());
  const as = (role: string, statement: string) =>
    database.sql.begin(async (sql) => {
      await sql.unsafe(`set local role ${role}`);
      return await sql.unsafe(statement);
    });
  for (const role of ["anon", "authenticated"]) {
    for (
      const statement of [
        "select * from resilience.ai_usage",
        "select * from resilience.ai_spend",
        "select * from resilience.prompts",
        "select resilience.settle_ai_usage(null, 'failed', 0, 0, 0, 0, 0, true)",
      ]
    ) await assert.rejects(as(role, statement), { code: "42501" }, `${role}: ${statement}`);
  }
  await assert.rejects(as("service_role", "update resilience.ai_spend set tokens = 0"), { code: "42501" });
  await assert.rejects(as("service_role", "delete from resilience.ai_usage"), { code: "42501" });
  assert.equal((await as("service_role", "select * from resilience.ai_usage")).length, 1);
});

Deno.test("old calls are purged, open ones and those of these days stay", async () => {
  await using database = await testDatabase();
  await using admin = openAdmin(database);
  const budget = budgetOf(admin);
  const [old, young] = [reservation(), reservation()];
  for (const one of [old, young]) {
    await budget.reserve(one);
    await budget.settle(one.id, settled(1));
  }
  await database.sql`update resilience.ai_usage set day = day - 100 where id = ${old.id}`;
  const target = purgeTargets.find(({ name }) => name === "ai_usage")!;
  const { sql } = admin;
  const options = { limit: 100, retention: PurgeRetention.parse({}) };
  assert.deepEqual([
    await target.purge(sql, { ...options, isDryRun: true }),
    await target.purge(sql, { ...options, isDryRun: false }),
    await target.purge(sql, { ...options, isDryRun: false }),
  ], [1, 1, 0]);
  assert.equal((await database.sql`select id from resilience.ai_usage`)[0]?.id, young.id);
});
