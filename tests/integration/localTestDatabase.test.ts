import assert from "node:assert/strict";
import postgres from "postgres";
import { testDatabase } from "../harness/testDatabase.ts";

Deno.test("a test database is migrated, and its owner is not a superuser", async () => {
  await using database = await testDatabase();
  const [row] = await database.sql`
    select current_user as name, (select rolsuper from pg_roles where rolname = current_user) as "isSuper",
      (select count(*)::int from supabase_migrations.schema_migrations) as migrations`;
  assert.equal(row?.name, "postgres");
  assert.equal(row?.isSuper, false);
  assert.ok(row?.migrations >= 1);
});

Deno.test("test databases do not see each other", async () => {
  await using one = await testDatabase();
  await using two = await testDatabase();
  await one.sql`create table public.only_here (id int)`;
  const [row] = await two.sql`select to_regclass('public.only_here') as found`;
  assert.equal(row?.found, null);
});

Deno.test("a connection left open fails the test and names its last query", async () => {
  const database = await testDatabase();
  const leaked = postgres(database.url, { max: 1, connection: { application_name: "leaky" } });
  await leaked`select 42 as answer`;
  await assert.rejects(
    async () => await database[Symbol.asyncDispose](),
    /1 connections are open:\n {2}leaky: select 42 as answer/,
  );
  await leaked.end({ timeout: 1 }).catch(() => undefined);
});
