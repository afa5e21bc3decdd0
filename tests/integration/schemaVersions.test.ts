import assert from "node:assert/strict";
import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import { createSqlClient } from "../../supabase/functions/_shared/db/sqlClient.ts";
import { readFingerprint } from "../../supabase/functions/_shared/schema/readFingerprint.ts";
import { postgresSchemaVersionStore } from "../../supabase/functions/_shared/schema/schemaVersionStore.ts";
import { watchSchema } from "../../supabase/functions/_shared/schema/schemaVersionManager.ts";
import { connect } from "../../local/database/connect.ts";
import { createSchemaVersionManager } from "../../supabase/functions/_shared/schemaVersioning.ts";
import { FakeClock } from "../harness/fakeClock.ts";
import { testDatabase } from "../harness/testDatabase.ts";

function connectTo(url: string, poolSize = 1) {
  const client = createSqlClient({ url, isPooled: false, applicationName: "schema-versions", poolSize });
  return { database: adminDatabase(client), [Symbol.asyncDispose]: () => client.close() };
}

Deno.test("a manager tells what DDL changed, by identity, and records it once for many isolates", async () => {
  await using database = await testDatabase();
  const { sql } = database;
  await using watched = connectTo(database.url, 4);
  await sql`create table public.crates (id bigint primary key, first text, second text, total numeric)`;
  const managers = Array.from({ length: 4 }, () => watchSchema(watched.database, { pollIntervalMs: 0 }));
  const initial = await Promise.all(managers.map((manager) => manager.initialize()));
  assert.deepEqual(new Set(initial.map(({ version }) => version)).size, 1);

  await sql.begin(async (transaction) => {
    await transaction`alter table public.crates rename column first to moving`;
    await transaction`alter table public.crates rename column second to first`;
    await transaction`alter table public.crates rename column moving to second`;
    await transaction`alter table public.crates alter column total type numeric(12, 2)`;
    await transaction`alter table public.crates rename to purchases`;
  });
  const seen = await Promise.all(managers.map((manager) => manager.check()));
  for (const changes of seen) {
    assert.deepEqual(changes.map(({ kind, before, after }) => [kind, before, after]), [
      ["table_renamed", "public.crates", "public.purchases"],
      ["column_renamed", "first", "second"],
      ["column_renamed", "second", "first"],
      ["column_type_changed", "numeric", "numeric(12,2)"],
    ]);
  }
  const history = await managers[0]!.history();
  assert.deepEqual(history.map(({ changes }) => changes.length), [4, 0]);
  await Promise.all(managers.map((manager) => manager.close()));
});

Deno.test("every kind of change is noticed on the real catalog", async () => {
  await using database = await testDatabase();
  const { sql } = database;
  await using watched = connectTo(database.url);
  const manager = watchSchema(watched.database, { pollIntervalMs: 0 });
  await sql`create type public.order_state as enum ('open', 'paid')`;
  await manager.initialize();
  const steps: [string, string[]][] = [
    ["create table public.t (id int primary key, a text, b text, s public.order_state)", ["table_added"]],
    ["alter table public.t add column c int not null default 0", ["column_added"]],
    ["alter table public.t rename column a to aa", ["column_renamed"]],
    ["alter table public.t alter column c type bigint", ["column_type_changed"]],
    ["alter table public.t alter column b set not null", ["column_nullability_changed"]],
    ["alter table public.t alter column c set default 5", ["column_default_changed"]],
    ["alter type public.order_state add value 'sent' before 'paid'", ["enum_label_added"]],
    ["alter type public.order_state rename value 'open' to 'opened'", ["enum_label_renamed"]],
    ["alter type public.order_state rename to order_status", []],
    ["alter table public.t add constraint c_is_positive check (c > 0)", ["constraint_added"]],
    ["alter table public.t drop constraint c_is_positive", ["constraint_dropped"]],
    ["create index t_by_b on public.t (b)", ["index_added"]],
    ["drop index public.t_by_b", ["index_dropped"]],
    ["alter table public.t drop column b", ["column_dropped"]],
    ["alter table public.t rename to u", ["table_renamed"]],
    ["drop table public.u", ["table_dropped"]],
  ];
  for (const [statement, expected] of steps) {
    await sql.unsafe(statement);
    assert.deepEqual((await manager.check()).map(({ kind }) => kind), expected, statement);
  }
  await manager.close();
});

Deno.test("data, statistics and vacuum leave the fingerprint as it is", async () => {
  await using database = await testDatabase();
  const { sql } = database;
  await using watched = connectTo(database.url);
  await sql`create table public.t (id int primary key, a text)`;
  const before = await readFingerprint(watched.database.sql, ["public"]);
  await sql`insert into public.t select n, n::text from generate_series(1, 1000) n`;
  await sql`analyze public.t`;
  await sql`vacuum public.t`;
  assert.equal(await readFingerprint(watched.database.sql, ["public"]), before);
});

Deno.test("the poll finds a change without a notice, and a listener that throws harms nobody", async () => {
  await using database = await testDatabase();
  const { sql } = database;
  await using watched = connectTo(database.url);
  const clock = new FakeClock();
  const errors: unknown[] = [];
  const manager = watchSchema(watched.database, {
    pollIntervalMs: () => 1_000,
    clock,
    onError: (error) => errors.push(error),
  });
  await manager.initialize();
  manager.onSchemaChange(() => {
    throw new Error("A listener of ill will");
  });
  const told = new Promise<string[]>((resolve) => {
    manager.onSchemaChange((changes) => resolve(changes.map(({ kind }) => kind)));
  });
  await sql`create table public.late (id int primary key)`;
  await clock.advance(1_000);
  assert.deepEqual(await told, ["table_added"]);
  assert.equal((errors[0] as Error).message, "A listener of ill will");
  await manager.close();
});

Deno.test("the database's own notice wakes a manager at commit", async () => {
  await using database = await testDatabase();
  const { sql } = database;
  await using superuser = connect(database.superuserUrl);
  await superuser`
    create event trigger noticed on ddl_command_end execute function resilience.announce_schema_change()`;
  await using watched = connectTo(database.url);
  const manager = watchSchema(watched.database, {
    pollIntervalMs: 0,
    listen: (onNotice) => sql.listen("ballast_schema", onNotice),
  });
  await manager.initialize();
  const told = new Promise<string[]>((resolve) => {
    manager.onSchemaChange((changes) => resolve(changes.map(({ kind }) => kind)));
  });
  await sql`create table public.late (id int primary key)`;
  assert.deepEqual(await told, ["table_added"]);
  await manager.close();
});

Deno.test("the door takes a connection string or a client, and leaves a client open", async () => {
  await using database = await testDatabase();
  const { sql } = database;
  for (const source of [database.url, sql]) {
    const manager = createSchemaVersionManager(source, { pollIntervalMs: 0 });
    await manager.initialize();
    await sql`create table public.seen (id int primary key)`;
    assert.deepEqual((await manager.check()).map(({ kind, subject }) => `${kind} ${subject}`), [
      "table_added public.seen",
    ]);
    await sql`drop table public.seen`;
    assert.deepEqual((await manager.check()).map(({ kind }) => kind), ["table_dropped"]);
    await manager.close();
  }
  assert.deepEqual((await sql`select 1 as one`).map(({ one }) => one), [1]);
  assert.throws(() => createSchemaVersionManager(42 as never), /^TypeError: Cannot read the schema/);
});

/** A place to stop somebody at. */
function gate() {
  const reached = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  return {
    isReached: reached.promise,
    open: opened.resolve,
    async pass() {
      reached.resolve();
      await opened.promise;
    },
  };
}

Deno.test("who asks while a look is under way gets one that begins afterwards", async () => {
  await using database = await testDatabase();
  await using watched = connectTo(database.url, 2);
  const store = postgresSchemaVersionStore(watched.database);
  const recorded = gate();
  let records = 0;
  const manager = watchSchema(watched.database, {
    pollIntervalMs: 0,
    store: {
      ...store,
      async record(seen, readAgain) {
        const schema = await store.record(seen, readAgain);
        if (++records === 2) await recorded.pass();
        return schema;
      },
    },
  });
  await manager.initialize();
  await database.sql`create table public.first (id int)`;
  const first = manager.check();
  await recorded.isReached;
  await database.sql`create table public.second (id int)`;
  const later = [manager.check(), manager.check()];
  recorded.open();
  const kinds = (await Promise.all([first, ...later])).map((changes) => changes.map(({ subject }) => subject));
  assert.deepEqual(kinds, [["public.first"], ["public.second"], ["public.second"]]);
  await manager.close();
});

Deno.test("whoever is late with what he has seen records what has come of it, and turns nothing back", async () => {
  await using database = await testDatabase();
  await using watched = connectTo(database.url, 2);
  const store = postgresSchemaVersionStore(watched.database);
  const seen = gate();
  let isLate = false;
  const late = watchSchema(watched.database, {
    pollIntervalMs: 0,
    store: {
      ...store,
      async record(schema, readAgain) {
        if (isLate) await seen.pass();
        return await store.record(schema, readAgain);
      },
    },
  });
  const other = watchSchema(watched.database, { pollIntervalMs: 0 });
  await database.sql`create table public.crates (total numeric)`;
  await Promise.all([late.initialize(), other.initialize()]);
  await database.sql`alter table public.crates rename total to amount`;
  isLate = true;
  const check = late.check();
  await seen.isReached; // It has seen the amount.
  await database.sql`alter table public.crates rename amount to price`;
  await other.check();
  seen.open();
  const changes = (await check).map(({ before, after }) => [before, after]);
  assert.deepEqual(changes, [["total", "price"]]);
  const history = await other.history();
  assert.deepEqual(history.map(({ changes }) => changes.map(({ after }) => after)), [["price"], []]);
  await Promise.all([late.close(), other.close()]);
});
