import assert from "node:assert/strict";
import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import type { SqlTag } from "../../supabase/functions/_shared/db/database.ts";
import { runTransaction } from "../../supabase/functions/_shared/healing/transaction/runTransaction.ts";
import type { RunTransactionOptions } from "../../supabase/functions/_shared/healing/transaction/transactionOptions.ts";
import { connect } from "../../local/database/connect.ts";
import { client } from "../integration/dbFixture.ts";
import { type TestDatabase, testDatabase } from "../harness/testDatabase.ts";

const rounds = 10;

async function accountsDatabase(): Promise<TestDatabase> {
  const database = await testDatabase();
  await database.sql`create table public.accounts (id int primary key, balance int not null)`;
  await database.sql`insert into public.accounts select n, 100 from generate_series(1, ${rounds * 2}) as n`;
  await using superuser = connect(database.superuserUrl);
  await superuser.unsafe(`alter database "${new URL(database.url).pathname.slice(1)}" set deadlock_timeout = '20ms'`);
  return database;
}

/** Lets the first try of each of two go on only when both have come this far. */
function meetingPoint(): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let come = 0;
  return () => {
    if (++come >= 2) resolve();
    return promise;
  };
}

/** Runs both at once and returns the codes that were met on the way. */
async function runBoth(
  url: string,
  works: readonly ((sql: SqlTag, meet: () => Promise<void>) => Promise<void>)[],
  options: RunTransactionOptions,
): Promise<string[]> {
  await using made = client(url, { poolSize: 2 });
  const meet = meetingPoint();
  const codes: string[] = [];
  await Promise.all(works.map((work, number) =>
    runTransaction(adminDatabase(made), (sql) => work(sql, meet), {
      ...options,
      idempotencyKey: `work-${options.scope}-${number}`,
      onEvent: (event) => event.kind === "retried" && codes.push(String(event.code)),
    })
  ));
  return codes;
}

Deno.test("transactions that lock in opposite order both land, each once", async () => {
  await using database = await accountsDatabase();
  const codes = await Promise.all(Array.from({ length: rounds }, (_, round) => {
    const [low, high] = [round * 2 + 1, round * 2 + 2];
    const move = (from: number, to: number, amount: number) => async (sql: SqlTag, meet: () => Promise<void>) => {
      await sql`update public.accounts set balance = balance - ${amount} where id = ${from}`;
      await meet();
      await sql`update public.accounts set balance = balance + ${amount} where id = ${to}`;
    };
    return runBoth(database.url, [move(low, high, 5), move(high, low, 7)], { scope: String(round) });
  }));
  assert.ok(codes.every((met) => met.includes("40P01")), JSON.stringify(codes));
  const rows = await database.sql`select id, balance from public.accounts order by id`;
  for (const { id, balance } of rows) assert.equal(balance, id % 2 === 1 ? 102 : 98, `account ${id}`);
});

Deno.test("write skew under serializable is refused, and the second runs again on what the first left", async () => {
  await using database = await accountsDatabase();
  const codes = await Promise.all(Array.from({ length: rounds }, (_, round) => {
    const [low, high] = [round * 2 + 1, round * 2 + 2];
    // Either may be emptied as long as the other is not: both would be, if each saw the other still full.
    const empty = (id: number) => async (sql: SqlTag, meet: () => Promise<void>) => {
      const [both] = await sql<{ total: number }>`
        select sum(balance)::int as total from public.accounts where id in (${low}, ${high})`;
      await meet();
      if (both!.total >= 200) await sql`update public.accounts set balance = 0 where id = ${id}`;
    };
    return runBoth(database.url, [empty(low), empty(high)], { isolation: "serializable", scope: String(round) });
  }));
  assert.ok(codes.every((met) => met.includes("40001")), JSON.stringify(codes));
  const pairs = await database.sql`select sum(balance)::int as total from public.accounts group by (id - 1) / 2`;
  assert.deepEqual(pairs.map((pair) => pair["total"]), Array.from({ length: rounds }, () => 100));
});

Deno.test("a lock that is held is waited for, try by try", async () => {
  await using database = await accountsDatabase();
  await using made = client(database.url);
  const codes: string[] = [];
  await database.sql.begin(async (holder) => {
    await holder`select from public.accounts where id = 1 for update`;
    const { promise: hasMet, resolve: meet } = Promise.withResolvers<void>();
    const waiting = runTransaction(adminDatabase(made), async (sql) => {
      await sql`select from public.accounts where id = 1 for update nowait`;
      await sql`update public.accounts set balance = balance + 1 where id = 1`;
    }, { onEvent: (event) => event.kind === "retried" && (codes.push(String(event.code)), meet()) });
    await hasMet;
    return { waiting };
  }).then(({ waiting }) => waiting);
  assert.equal(codes[0], "55P03");
  assert.equal((await database.sql`select balance from public.accounts where id = 1`)[0]!["balance"], 101);
});
