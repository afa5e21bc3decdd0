import assert from "node:assert/strict";
import type { Database } from "../../supabase/functions/_shared/db/database.ts";
import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import { createSqlClient, type SqlClient } from "../../supabase/functions/_shared/db/sqlClient.ts";
import { RateLimiter } from "../../supabase/functions/_shared/http/rateLimiter.ts";
import { perHour, perSecond } from "../../supabase/functions/_shared/http/rateLimitPolicy.ts";
import { databaseRateLimitStore } from "../../supabase/functions/_shared/http/rateLimitStore.ts";
import { systemClock } from "../../supabase/functions/_shared/time/clock.ts";
import { type TestDatabase, testDatabase } from "../harness/testDatabase.ts";

interface Isolate extends AsyncDisposable {
  readonly database: Database;
  readonly client: SqlClient;
}

function isolate({ url }: TestDatabase, poolSize = 1): Isolate {
  const client = createSqlClient({ url, isPooled: false, poolSize, applicationName: "test isolate" });
  return { client, database: adminDatabase(client), [Symbol.asyncDispose]: () => client.close() };
}

function limiter({ database }: Isolate, policy: { limit: number; windowMs: number }, logged: string[] = []) {
  const background: Promise<unknown>[] = [];
  const log = {
    warn: (message: string) => void logged.push(message),
    info: (message: string) => void logged.push(message),
  };
  const limiter = new RateLimiter({
    policy,
    store: databaseRateLimitStore(() => database),
    clock: systemClock,
    log,
    waitUntil: (work) => void background.push(work),
  });
  return { take: (bucket = "caller") => limiter.take(bucket), background };
}

async function isolates(test: TestDatabase, count: number) {
  const stack = new AsyncDisposableStack();
  const all = Array.from({ length: count }, () => stack.use(isolate(test)));
  // Opened beforehand: what is measured below is leasing, not connecting.
  await Promise.all(all.map(({ database }) => database.sql`select 1`));
  return { all, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

Deno.test("a bucket gives what it holds, fills up by the database's clock, and tells when", async () => {
  await using test = await testDatabase();
  const lease = async (wanted: number, limit = 10, windowMs = 1_000_000) => {
    const [row] = await test.sql`
      select granted, remaining, retry_after_ms as retry from resilience.lease_tokens('b', ${limit}, ${windowMs}, ${wanted})`;
    return row as { granted: number; remaining: number; retry: number };
  };
  assert.deepEqual({ ...await lease(4) }, { granted: 4, remaining: 6, retry: 0 });
  assert.deepEqual({ ...await lease(4) }, { granted: 4, remaining: 2, retry: 0 });
  const last = await lease(4);
  assert.deepEqual([last.granted, last.remaining], [2, 0]);
  assert.ok(last.retry > 99_000 && last.retry <= 100_000, `retry after ${last.retry}`);
  await test.sql`update resilience.rate_limits set counted_at = counted_at - interval '250 seconds'`;
  assert.deepEqual({ ...await lease(2) }, { granted: 2, remaining: 0, retry: 0 });
  await test.sql`update resilience.rate_limits set counted_at = counted_at - interval '10 days'`;
  assert.equal((await lease(1)).remaining, 9);
  assert.equal((await lease(100)).granted, 9);
  await test
    .sql`update resilience.rate_limits set counted_at = clock_timestamp() + interval '1 hour', expires_at = clock_timestamp() + interval '2 hours'`;
  assert.equal((await lease(1)).granted, 0); // A clock that was set back creates no tokens.
});

Deno.test("many isolates that lease at once share one bucket exactly", async () => {
  await using test = await testDatabase();
  const policy = perHour(30); // Blocks of one: exact.
  await using fleet = await isolates(test, 8);
  const limiters = fleet.all.map((one) => limiter(one, policy));
  const verdicts = await Promise.all(
    Array.from({ length: 200 }, (_, request) => limiters[request % 8]!.take()),
  );
  assert.equal(verdicts.filter(({ isAllowed }) => isAllowed).length, 30);
  const refused = verdicts.find(({ isAllowed }) => !isAllowed)!;
  assert.ok(refused.retryAfterMs > 0 && refused.retryAfterMs <= 120_000);
});

Deno.test("with blocks, the fleet overshoots by no more than one block an isolate", async () => {
  await using test = await testDatabase();
  const policy = perHour(200);
  await using fleet = await isolates(test, 5);
  const limiters = fleet.all.map((one) => limiter(one, policy));
  let allowed = 0;
  for (let round = 0; round < 100; round++) {
    const verdicts = await Promise.all(limiters.map(({ take }) => take()));
    allowed += verdicts.filter(({ isAllowed }) => isAllowed).length;
  }
  await Promise.all(limiters.flatMap(({ background }) => background));
  assert.ok(allowed >= 200 && allowed <= 200 + 5 * 10, `${allowed} of 500 were let through`);
});

Deno.test("a healthy caller writes nothing, and a busy one once a block", async () => {
  await using test = await testDatabase();
  const policy = perHour(1_000);
  await using fleet = await isolates(test, 1);
  const { take, background } = limiter(fleet.all[0]!, policy);
  const rows = async () => Number((await test.sql`select count(*) from resilience.rate_limits`)[0]!.count);
  for (let request = 0; request < 24; request++) assert.ok(!(take() instanceof Promise));
  assert.equal(await rows(), 0);
  for (let request = 0; request < 200; request++) {
    assert.equal((await take()).isAllowed, true);
    await Promise.all(background.splice(0));
  }
  assert.equal(await rows(), 1);
  const [{ tokens }] = await test.sql`select tokens from resilience.rate_limits` as unknown as [{ tokens: number }];
  assert.ok(tokens >= 700 && tokens <= 800, `${tokens} tokens are left after 224 requests`);
});

Deno.test("when the database goes, the isolate limits alone and says so once", async () => {
  const logged: string[] = [];
  const dead = createSqlClient({
    url: "postgres://localhost:1/none",
    isPooled: false,
    poolSize: 1,
    applicationName: "x",
  });
  const { take } = limiter({ database: adminDatabase(dead) } as Isolate, perHour(20), logged);
  const verdicts = [];
  for (let request = 0; request < 30; request++) verdicts.push(await take());
  await dead.close();
  assert.equal(verdicts.filter(({ isAllowed }) => isAllowed).length, 20);
  assert.deepEqual(logged, ["Rate limits are this isolate's own as the store is gone"]);
});

Deno.test("full buckets are purged, others are kept", async () => {
  await using test = await testDatabase();
  await using fleet = await isolates(test, 1);
  const store = databaseRateLimitStore(() => fleet.all[0]!.database);
  const { limit, windowMs } = perSecond(5);
  for (const bucket of ["a", "b", "c"]) await store.lease(bucket, limit, windowMs, 1);
  await test
    .sql`update resilience.rate_limits set expires_at = clock_timestamp() + interval '1 hour' where bucket = 'c'`;
  await test.sql`
    update resilience.rate_limits
    set counted_at = clock_timestamp() - interval '1 hour', expires_at = clock_timestamp() - interval '1 second'
    where bucket <> 'c'`;
  const purge = async (most: number) =>
    (await test.sql`select resilience.purge_rate_limits(${most}) as count`)[0]!.count;
  assert.equal(await purge(1), 1);
  assert.equal(await purge(10), 1);
  assert.equal(await purge(10), 0);
  assert.deepEqual((await test.sql`select bucket from resilience.rate_limits`).map(({ bucket }) => bucket), ["c"]);
});

Deno.test("nobody but the service reaches the buckets", async () => {
  await using test = await testDatabase();
  for (const role of ["anon", "authenticated"]) {
    await assert.rejects(
      test.sql.begin(async (sql) => {
        await sql.unsafe(`set local role ${role}`);
        await sql`select * from resilience.lease_tokens('b', 1, 1, 1)`;
      }),
      { code: "42501" },
    );
  }
});
