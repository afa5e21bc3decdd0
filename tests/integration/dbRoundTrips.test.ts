import assert from "node:assert/strict";
import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import { callerDatabase } from "../../supabase/functions/_shared/db/callerDatabase.ts";
import type { Database } from "../../supabase/functions/_shared/db/database.ts";
import { client, notesDatabase, user } from "./dbFixture.ts";
import { type DbProxy, dbProxy } from "./dbProxy.ts";

async function count(proxy: DbProxy, work: () => Promise<unknown>): Promise<number> {
  proxy.takeRoundTrips();
  await work();
  return proxy.takeRoundTrips();
}

const withParameter = (db: Database) => db.sql`select id from public.notes where id = ${7}`;
const called = (db: Database) => db.call`select pg_catalog.repeat(${"x"}, ${3})`;
const without = (db: Database) => db.sql`select count(*) from public.notes`;

Deno.test("round trips, direct: a statement under the caller costs one more than a bare one, always", async () => {
  await using database = await notesDatabase();
  await using proxy = dbProxy(database.url);
  await using one = client(proxy.url);
  await using other = client(proxy.url);
  const bare = adminDatabase(one);
  const caller = callerDatabase(other, user(7));
  await bare.sql`select 1`;
  await caller.sql`select 1`;
  const trips = async (work: (db: Database) => Promise<unknown>) => [
    await count(proxy, () => work(bare)),
    await count(proxy, () => work(caller)),
  ];
  assert.deepEqual(await trips(withParameter), [2, 3], "first use: the server describes the parameters");
  assert.deepEqual(await trips(withParameter), [1, 2], "prepared");
  assert.deepEqual(await trips(without), [1, 2], "no parameters, first use");
  assert.deepEqual(await trips(without), [1, 2], "no parameters, again");
  for (const _ of [1, 2]) assert.equal(await count(proxy, () => called(caller)), 1, "a call");
});

Deno.test("round trips, behind a transaction pooler: one more than a bare one, always", async () => {
  await using database = await notesDatabase();
  await using proxy = dbProxy(database.url);
  await using one = client(proxy.url, { isPooled: true });
  await using other = client(proxy.url, { isPooled: true });
  const bare = adminDatabase(one);
  const caller = callerDatabase(other, user(7));
  await bare.sql`select 1`;
  await caller.sql`select 1`;
  for (let round = 0; round < 2; round++) {
    assert.equal(await count(proxy, () => withParameter(bare)), 2);
    assert.equal(await count(proxy, () => withParameter(caller)), 3);
    assert.equal(await count(proxy, () => without(bare)), 1);
    assert.equal(await count(proxy, () => without(caller)), 2);
    assert.equal(await count(proxy, () => called(caller)), 1);
  }
});

Deno.test("round trips: a transaction costs two more than its statements", async () => {
  await using database = await notesDatabase();
  await using proxy = dbProxy(database.url);
  await using made = client(proxy.url);
  const caller = callerDatabase(made, user(7));
  const work = () => caller.transaction(async (sql) => [await sql`select 1`, await sql`select 2`]);
  await work();
  assert.equal(await count(proxy, work), 4);
});
