import assert from "node:assert/strict";
import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import { callerDatabase } from "../../supabase/functions/_shared/db/callerDatabase.ts";
import { runInOwnTransaction } from "../../supabase/functions/_shared/db/ownTransaction.ts";
import { toStatement } from "../../supabase/functions/_shared/db/statement.ts";
import { client, notesDatabase, publishable, secret, user } from "./dbFixture.ts";

const identity = {
  role: "authenticated",
  uid: "00000000-0000-4000-8000-000000000003",
  name: 'O\'Brien \\ "x" $1 \u00e9',
};

for (const isPooled of [false, true]) {
  const how = isPooled ? "pooled" : "direct";

  Deno.test(`callerDatabase, ${how}: role and claims are the caller's, and row level security decides`, async () => {
    await using database = await notesDatabase();
    await using made = client(database.url, { isPooled });
    const who = (db: ReturnType<typeof callerDatabase>) =>
      db.sql`select current_user::text as role, auth.uid()::text as uid, auth.jwt() ->> 'name' as name`;
    for (let round = 0; round < 2; round++) {
      assert.deepEqual(await who(callerDatabase(made, user(3))), [identity]);
      assert.deepEqual(await who(callerDatabase(made, publishable)), [{ role: "anon", uid: null, name: null }]);
      assert.deepEqual(await who(callerDatabase(made, secret)), [{ role: "service_role", uid: null, name: null }]);
      assert.deepEqual(await who(adminDatabase(made)), [{ role: "postgres", uid: null, name: null }]);
    }
    const ids = await callerDatabase(made, user(3)).sql<{ id: number }>`select id from public.notes where id < ${30}`;
    assert.deepEqual(ids.map(({ id }) => id).sort(), [13, 23, 3]);
    assert.deepEqual(await callerDatabase(made, publishable).sql`select id from public.notes where id < ${30}`, []);
    assert.equal((await adminDatabase(made).sql`select id from public.notes where id < ${30}`).length, 29);
  });

  Deno.test(`callerDatabase, ${how}: a failing statement rolls back and gives its own error`, async () => {
    await using database = await notesDatabase();
    await using made = client(database.url, { isPooled });
    const db = callerDatabase(made, user(3));
    const insert = (body: string) => db.sql`insert into public.notes (body) values (${body})`;
    for (let round = 0; round < 3; round++) {
      await assert.rejects(insert("note 1"), { code: "23505" });
      await assert.rejects(db.sql`insert into public.notes (body) values ('note 1')`, { code: "23505" });
      await assert.rejects(db.sql`select nothing from public.notes`, { code: "42703" });
      await assert.rejects(db.sql`select nothing from public.notes where id = ${1}`, { code: "42703" });
      await assert.rejects(db.sql`select ${"x"}::int`, { code: "22P02" });
      await assert.rejects(
        db.sql`insert into public.notes (body, owner) values (${"x"}, ${"somebody else"})`,
        { code: "42501" },
      );
      assert.deepEqual(await insert(`fine ${round}`), []);
    }
    assert.equal((await database.sql`select 1 from public.notes where body like 'fine %'`).length, 3);
  });

  Deno.test(`callerDatabase, ${how}: an error that comes with commit surfaces`, async () => {
    await using database = await notesDatabase();
    await database.sql.unsafe(`
      create table public.parents (id int primary key);
      create table public.children (parent int references public.parents deferrable initially deferred);
      grant all on public.parents, public.children to authenticated;`);
    await using made = client(database.url, { isPooled });
    const db = callerDatabase(made, user(3));
    for (let round = 0; round < 2; round++) {
      await assert.rejects(db.sql`insert into public.children values (${5})`, { code: "23503" });
      await assert.rejects(db.transaction((sql) => sql`insert into public.children values (${5})`), { code: "23503" });
    }
    assert.equal((await database.sql`select 1 from public.children`).length, 0);
  });
}

Deno.test("callerDatabase: where the opening fails, nothing runs with the rights of the pool", async () => {
  await using database = await notesDatabase();
  await database.sql`create table public.lines (line text)`;
  const openings = {
    "a role that may not be assumed": "begin; select set_config('role', 'pg_monitor_of_nobody', true)",
    // As a cancel request that comes late does: the message fails before it has begun a transaction.
    "a failure before begin": "select 1 / 0; begin; select set_config('role', 'anon', true)",
  };
  for (const isPooled of [false, true]) {
    await using made = client(database.url, { isPooled });
    for (const [why, opening] of Object.entries(openings)) {
      for (let round = 0; round < 2; round++) {
        const run = (strings: TemplateStringsArray, ...values: unknown[]) =>
          runInOwnTransaction(made, opening, toStatement(strings, values));
        const failure = { code: opening.startsWith("begin") ? "22023" : "22012" };
        await assert.rejects(run`insert into public.lines values (${why})`, failure);
        await assert.rejects(run`insert into public.lines values ('constant')`, failure);
      }
    }
    assert.deepEqual(await adminDatabase(made).sql`select * from public.lines`, []);
  }
});

Deno.test("callerDatabase: a user whose token asks for another role stays what was proven", async () => {
  await using database = await notesDatabase();
  await using made = client(database.url);
  const caller = { ...user(3), claims: { role: "service_role", sub: "x" } };
  const [row] = await callerDatabase(made, caller).sql`
    select current_user::text as role, current_setting('request.jwt.claims')::jsonb ->> 'role' as claimed`;
  assert.deepEqual(row, { role: "authenticated", claimed: "authenticated" });
});

Deno.test("callerDatabase: a plan that a migration made stale is planned again, under the caller's rights", async () => {
  await using database = await notesDatabase();
  await using made = client(database.url);
  const db = callerDatabase(made, user(3));
  const read = () => db.sql<{ id: number }>`select * from public.notes where id < ${20} order by id`;
  await read();
  await read();
  await database.sql`alter table public.notes add column extra int default 5`;
  // The driver would send the statement again by itself, behind the commit: as postgres, which sees all 19 rows.
  assert.deepEqual((await read()).map(({ id }) => id), [3, 13]);
  assert.deepEqual((await read()).map((row) => (row as { extra?: number }).extra), [5, 5]);
});

Deno.test("transaction: statements share it, it lands as a whole or not at all", async () => {
  await using database = await notesDatabase();
  await using made = client(database.url);
  const db = callerDatabase(made, user(3));
  const bodies = await db.transaction(async (sql) => {
    await sql`insert into public.notes (body) values (${"one"})`;
    await Promise.all([sql`insert into public.notes (body) values (${"two"})`, sql`select 1`]);
    return await sql`select body, owner from public.notes where id >= ${1000} order by id`;
  });
  assert.deepEqual(bodies.map(({ body, owner }) => [body, owner]), [["one", identity.uid], ["two", identity.uid]]);
  const failure = new Error("changed my mind");
  await assert.rejects(
    db.transaction(async (sql) => {
      await sql`insert into public.notes (body) values (${"three"})`;
      throw failure;
    }),
    failure,
  );
  assert.equal((await database.sql`select 1 from public.notes where body = 'three'`).length, 0);
});

Deno.test("transaction: a swallowed failure still dooms it, and its own error surfaces, never 25P02", async () => {
  await using database = await notesDatabase();
  await using made = client(database.url);
  const db = adminDatabase(made);
  const duplicate = { code: "23505" };
  await assert.rejects(
    db.transaction(async (sql) => {
      await sql`insert into public.notes (owner, body) values ('a', 'lost')`;
      await sql`insert into public.notes (owner, body) values ('a', 'note 1')`.catch(() => undefined);
    }),
    duplicate,
  );
  await assert.rejects(
    db.transaction(async (sql) => {
      await sql`insert into public.notes (owner, body) values ('a', 'note 1')`.catch(() => undefined);
      await sql`select 1`;
    }),
    duplicate,
  );
  await assert.rejects(
    db.transaction(async (sql) => {
      await Promise.resolve();
      sql`insert into public.notes (owner, body) values ('a', 'note 1')`.catch(() => undefined); // not awaited
    }),
    duplicate,
  );
  assert.equal((await database.sql`select 1 from public.notes where body = 'lost'`).length, 0);
});

Deno.test("transaction: a savepoint saves it", async () => {
  await using database = await notesDatabase();
  await using made = client(database.url);
  const db = callerDatabase(made, user(3));
  await db.transaction(async (sql) => {
    await sql`insert into public.notes (body) values ('kept')`;
    await sql`savepoint before_risk`;
    await assert.rejects(sql`insert into public.notes (body) values ('note 1')`, { code: "23505" });
    await sql`rollback to savepoint before_risk`;
  });
  assert.equal((await database.sql`select 1 from public.notes where body = 'kept'`).length, 1);
});

Deno.test("transaction: whoever ends it by hand cannot go on with the pool's rights", async () => {
  await using database = await notesDatabase();
  await using made = client(database.url);
  const db = callerDatabase(made, user(3));
  const ended = { message: /^Cannot go on as a statement has ended the transaction/ };
  for (const end of ["rollback", "commit", " ROLLBACK;", "end"]) {
    const text = Object.assign([end], { raw: [end] });
    await assert.rejects(
      db.transaction(async (sql) => {
        await sql(text).catch(() => undefined);
        return await sql`select count(*) from public.notes`;
      }),
      ended,
    );
    await assert.rejects(db.sql(text), ended);
  }
  assert.deepEqual(await db.sql`select count(*)::int as count from public.notes`, [{ count: 10 }]);
});

Deno.test("transaction: a setting made by hand for the session costs the connection, which really closes", async () => {
  await using database = await notesDatabase();
  await using made = client(database.url);
  const db = callerDatabase(made, user(3));
  const pid = async () => (await adminDatabase(made).sql<{ pid: number }>`select pg_backend_pid() as pid`)[0]!.pid;
  const before = await pid();
  await db.transaction((sql) => sql`set role anon`);
  assert.notEqual(await pid(), before);
  assert.deepEqual(await adminDatabase(made).sql`select current_user::text as role`, [{ role: "postgres" }]);
});

Deno.test("transaction: its tag refuses to run once it has ended", async () => {
  await using database = await notesDatabase();
  await using made = client(database.url);
  const db = callerDatabase(made, user(3));
  const kept = await db.transaction((sql) => Promise.resolve({ sql }));
  await assert.rejects(kept.sql`select 1`, { message: "Cannot run a statement as its transaction has ended" });
});

Deno.test("transaction: isolation and read-only are as asked", async () => {
  await using database = await notesDatabase();
  await using made = client(database.url);
  const db = callerDatabase(made, user(3));
  const kind = async (options?: Parameters<typeof db.transaction>[1]) =>
    (await db.transaction(
      (sql) => sql`select current_setting('transaction_isolation') as i, current_setting('transaction_read_only') as r`,
      options,
    ))[0];
  assert.deepEqual(await kind(), { i: "read committed", r: "off" });
  assert.deepEqual(await kind({ isolation: "serializable", isReadOnly: true }), { i: "serializable", r: "on" });
  await assert.rejects(
    db.transaction((sql) => sql`insert into public.notes (body) values ('x')`, { isReadOnly: true }),
    { code: "25006" },
  );
  await assert.rejects(
    () => db.transaction(() => Promise.resolve(), { isolation: "serializable; drop table x" as "serializable" }),
    { message: /must be one of/ },
  );
});
