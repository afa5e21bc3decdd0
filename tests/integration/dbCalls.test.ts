import assert from "node:assert/strict";
import fc from "fast-check";
import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import { callerDatabase } from "../../supabase/functions/_shared/db/callerDatabase.ts";
import { runInOneMessage } from "../../supabase/functions/_shared/db/oneMessage.ts";
import { toStatement } from "../../supabase/functions/_shared/db/statement.ts";
import { client, notesDatabase, publishable, user } from "./dbFixture.ts";

for (const isPooled of [false, true]) {
  const how = isPooled ? "pooled" : "direct";

  Deno.test(`call, ${how}: has the caller's rights and claims, and leaves none of them behind`, async () => {
    await using database = await notesDatabase();
    await using made = client(database.url, { isPooled });
    const who = (db: ReturnType<typeof callerDatabase>) =>
      db.call`select current_user::text as role, auth.uid()::text as uid, count(*)::int as notes from public.notes`;
    for (let round = 0; round < 2; round++) {
      const uid = "00000000-0000-4000-8000-000000000003";
      assert.deepEqual(await who(callerDatabase(made, user(3))), [{ role: "authenticated", uid, notes: 10 }]);
      assert.deepEqual(await who(callerDatabase(made, publishable)), [{ role: "anon", uid: null, notes: 0 }]);
      assert.deepEqual(await who(adminDatabase(made)), [{ role: "postgres", uid: null, notes: 100 }]);
    }
  });

  Deno.test(`call, ${how}: what fails is taken back, tells its own error, and the connection goes on`, async () => {
    await using database = await notesDatabase();
    await database.sql.unsafe(`
      create function public.keep(p_body text, p_count int) returns int language plpgsql as $$
      begin
        insert into public.notes (body) values (p_body);
        if p_count < 0 then raise exception 'no' using errcode = 'BL422'; end if;
        return p_count;
      end $$;`);
    await using made = client(database.url, { isPooled });
    const db = callerDatabase(made, user(3));
    for (let round = 0; round < 2; round++) {
      await assert.rejects(db.call`select public.keep(${"taken back"}, ${-1})`, { code: "BL422" });
      await assert.rejects(db.call`select public.keep(${"note 1"}, ${1})`, { code: "23505" });
      await assert.rejects(db.call`select public.keep_not(${"x"}, ${1})`, { code: "42883" });
      // What is said of a value is said of the parameter that it is elsewhere.
      await assert.rejects(db.call`select public.keep(${"x"}, ${"many"})`, { code: "22P02", where: /\$2 = / });
      assert.deepEqual(await db.call`select public.keep(${`kept ${round}`}, ${round}) as n`, [{ n: round }]);
    }
    assert.deepEqual(await adminDatabase(made).sql`select current_user::text as role`, [{ role: "postgres" }]);
    const kept = await database.sql`select body from public.notes where id >= 1000 order by id`;
    assert.deepEqual(kept.map(({ body }) => body), ["kept 0", "kept 1"]);
  });
}

Deno.test("call: where the opening fails, nothing runs with the rights of the pool", async () => {
  await using database = await notesDatabase();
  await database.sql`create table public.lines (line text)`;
  await using made = client(database.url);
  const openings = [
    ["22023", "select set_config('role', 'pg_monitor_of_nobody', true)"],
    ["22012", "select 1 / 0; select set_config('role', 'anon', true)"], // As a cancel request that comes late does.
  ] as const;
  for (const [code, opening] of openings) {
    const run = (strings: TemplateStringsArray, ...values: unknown[]) =>
      runInOneMessage(made, opening, toStatement(strings, values));
    await assert.rejects(run`insert into public.lines values (${"x"})`, { code });
    await assert.rejects(run`insert into public.lines values ('constant')`, { code });
  }
  assert.deepEqual(await adminDatabase(made).sql`select * from public.lines`, []);
});

Deno.test("call: any value arrives as it was, whatever the server makes of backslashes", async () => {
  await using database = await notesDatabase();
  await using made = client(database.url);
  const db = callerDatabase(made, user(3));
  const text = fc.oneof(
    fc.string({
      unit: fc.constantFrom("'", "\\", '"', "$1", "$$", "E'", ";", "--", "{", ",", "\n", "\u00e9", "\u2019"),
    }),
    fc.string({ unit: "grapheme" }).filter((one) => !one.includes("\u0000")),
  );
  const name = new URL(database.url).pathname.slice(1);
  for (const conforming of ["on", "off"]) {
    await database.sql.unsafe(`alter database ${name} set standard_conforming_strings = ${conforming}`);
    await using fresh = client(database.url);
    const caller = callerDatabase(fresh, user(3));
    await fc.assert(
      fc.asyncProperty(text, fc.array(text, { maxLength: 3 }), async (one, list) => {
        const rows = await caller.call`select ${one}::text as one, ${list}::text[] as list, ${{ one }}::jsonb as json`;
        assert.deepEqual(rows, [{ one, list, json: { one } }]);
      }),
      { numRuns: 60 },
    );
  }
  await assert.rejects(db.call`select ${"a\u0000b"}::text`, { message: /NUL character/ });
});

Deno.test("call: is cancelled on the server when its signal aborts, and hits nobody who comes next", async () => {
  await using database = await notesDatabase();
  await using made = client(database.url);
  const leaving = new AbortController();
  const slow = callerDatabase(made, user(3), { signal: leaving.signal }).call`select pg_sleep(${60})`;
  const isSleeping = async () =>
    (await database.sql`
      select 1 from pg_stat_activity where query like ${"%pg_sleep%60%"} and state = 'active' and pid <> pg_backend_pid()
    `).length > 0;
  while (!await isSleeping());
  const reason = new Error("the client left");
  leaving.abort(reason);
  await assert.rejects(slow, reason);
  assert.deepEqual(await callerDatabase(made, user(3)).call`select ${1}::int as one`, [{ one: 1 }]);
});
