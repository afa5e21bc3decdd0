import assert from "node:assert/strict";
import type postgres from "postgres";
import { type BatchReport, createResilientDb } from "../../supabase/functions/_shared/resilientDbWrapper.ts";
import { callerDatabase } from "../../supabase/functions/_shared/db/callerDatabase.ts";
import { client, user } from "./dbFixture.ts";
import { type TestDatabase, testDatabase } from "../harness/testDatabase.ts";

async function fixture() {
  const database = await testDatabase();
  await database.sql.unsafe(`
    create table public.items (
      id int primary key, name text not null, price numeric(8, 2) constraint price_is_not_negative check (price >= 0)
    );
    create table public.statements (of_rows int not null);
    create function public.count_statement() returns trigger language plpgsql as $$
      begin insert into public.statements select count(*) from landed; return null; end $$;
    create trigger counted after insert on public.items referencing new table as landed
      for each statement execute function public.count_statement();
    alter table public.items enable row level security;
    alter table public.statements enable row level security;
  `);
  const db = createResilientDb(database.url, { schemaPollMs: 0, poolSize: 2 });
  return {
    db,
    database,
    async [Symbol.asyncDispose]() {
      await db.close();
      await database[Symbol.asyncDispose]();
    },
  };
}

const item = (id: number, more: object = {}) => ({ id, name: `item ${id}`, price: 1, ...more });
const items = (count: number) => Array.from({ length: count }, (_, id) => item(id));
const counts = (
  { applied, healed, rescued, deadLettered, failed }: BatchReport,
) => [applied, healed, rescued, deadLettered, failed];
const idsOf = async ({ sql }: TestDatabase) =>
  (await sql<{ id: number }[]>`select id from public.items order by id`).map(({ id }) => id);
const landedStatements = async (sql: postgres.Sql) =>
  (await sql<{ of_rows: number }[]>`select of_rows from public.statements`).map((row) => row.of_rows);

Deno.test("a clean batch is a statement a chunk, in order, and tells how far it is", async () => {
  await using made = await fixture();
  const { db, database } = made;
  const seen: number[] = [];
  const report = await db.batch("items", items(1_050), {
    onProgress: ({ done }) => {
      seen.push(done);
      throw new Error("an onlooker");
    },
  });
  assert.deepEqual([counts(report), seen], [[1_050, 0, 0, 0, 0], [500, 1_000, 1_050]]);
  assert.deepEqual(await landedStatements(database.sql), [500, 500, 50]);
  assert.deepEqual(report.rows.map(({ index }) => index), items(1_050).map(({ id }) => id));
  assert.deepEqual(counts(await db.batch("items", [])), [0, 0, 0, 0, 0]);
});

Deno.test("one bad row, wherever it stands, costs none of its neighbours", async () => {
  for (const [count, bad] of [[1, 0], [2, 0], [2, 1], [500, 0], [500, 250], [500, 499]] as const) {
    await using made = await fixture();
    const { db, database } = made;
    const rows = items(count);
    rows[bad] = item(bad, { price: -1 });
    const report = await db.batch("items", rows);
    assert.deepEqual(counts(report), [count - 1, 0, 0, 1, 0], `${bad} of ${count}`);
    assert.equal(report.rows[bad]!.error?.code, "23514");
    assert.deepEqual(await idsOf(database), rows.map(({ id }) => id).filter((id) => id !== bad));
    const letters = await database.sql`select payload from resilience.dead_letters`;
    assert.deepEqual(letters.map(({ payload }) => payload), [JSON.stringify(rows[bad])]);
    assert.ok((await landedStatements(database.sql)).length <= 10, "halved, not sent row by row");
  }
});

Deno.test("values that cannot fit are taken out at once, and the rest heals in one statement", async () => {
  await using made = await fixture();
  const { db, database } = made;
  const rows = items(300).map(({ id, name, price }) =>
    ({ id, name, prise: price, zorp: id }) as Record<string, unknown>
  );
  for (const bad of [3, 150, 299]) rows[bad] = item(bad, { price: "none" });
  for (const plain of [10, 11]) rows[plain] = item(plain, { price: "1,000.5" });
  const report = await db.batch("items", rows);
  assert.deepEqual(counts(report), [0, 2, 295, 3, 0]);
  assert.deepEqual(report.rows.filter(({ fate }) => fate === "deadLettered").map(({ index }) => index), [3, 150, 299]);
  assert.equal((await idsOf(database)).length, 297);
  const [kept] = await database
    .sql`select count(*)::int as n from resilience.rescued_fields where fields like '{"zorp":%'`;
  assert.equal(kept!.n, 295);
  assert.ok((await landedStatements(database.sql)).length <= 4, `${await landedStatements(database.sql)}`);
});

Deno.test("a row whose key is taken fails alone, and is not kept", async () => {
  await using made = await fixture();
  const { db, database } = made;
  await db.insert("items", item(5));
  const report = await db.batch("items", items(20));
  assert.deepEqual([counts(report), report.rows[5]!.error?.code], [[19, 0, 0, 0, 1], "23505"]);
  assert.equal((await database.sql`select from resilience.dead_letters`).length, 0);
});

Deno.test("a row that a policy refuses fails alone; without rights to the table nothing is tried apart", async () => {
  await using made = await fixture();
  const { database } = made;
  await database.sql.unsafe(`
    grant select, insert on public.items to authenticated;
    create policy cheap on public.items to authenticated using (true) with check (price < 10)`);
  await using own = client(database.url, { poolSize: 2 });
  const db = createResilientDb(callerDatabase(own, user(1)), { schemaPollMs: 0, ledger: database.url });
  try {
    const rows = items(40).map((row) => row.id === 17 ? item(17, { price: 99 }) : row);
    await database.sql.unsafe("revoke insert on public.items from authenticated");
    assert.deepEqual(counts(await db.batch("items", rows)), [0, 0, 0, 0, 40]);
    await database.sql.unsafe("grant insert on public.items to authenticated");
    await database.sql.unsafe("alter table public.items disable trigger counted");
    const report = await db.batch("items", rows);
    assert.deepEqual([counts(report), report.rows[17]!.error?.code], [[39, 0, 0, 0, 1], "42501"]);
    assert.equal((await database.sql`select from resilience.dead_letters`).length, 0);
  } finally {
    await db.close();
  }
});

Deno.test("under a key a batch has its effect once, whoever sends it and however often, and tells the same", async () => {
  await using made = await fixture();
  const { db, database } = made;
  const rows = items(60);
  rows[7] = item(7, { price: -1 });
  rows[33] = item(33, { price: "x" });
  const send = () => db.batch("items", rows, { idempotencyKey: "b", chunkSize: 25 });
  const all = await Promise.all([send(), send(), send()]);
  await database.sql`delete from public.items where id = 40`; // Would land again, were it sent again.
  all.push(await send());
  const fates = (report: BatchReport) =>
    report.rows.map(({ fate, error }) => [fate, error?.code, error?.deadLetterIds]);
  for (const report of all) {
    assert.deepEqual(counts(report).slice(3), [2, 0]);
    assert.deepEqual(fates(report), fates(all[0]!));
  }
  assert.deepEqual(await idsOf(database), rows.map(({ id }) => id).filter((id) => ![7, 33, 40].includes(id)));
  assert.equal((await database.sql`select from resilience.dead_letters`).length, 2);
  const other = await db.batch("items", items(60), { idempotencyKey: "b", chunkSize: 25 });
  assert.equal(other.rows[0]!.error?.code, "idempotency_key_reused");
  assert.equal((await idsOf(database)).length, 57);
});

Deno.test("while the database is known to be down a batch fails at once, and what it meets is told", async () => {
  await using made = await fixture();
  const told: boolean[] = [];
  let isDown = true;
  const breaker = { allows: () => !isDown, report: (hasFailed: boolean) => void told.push(hasFailed) };
  const db = createResilientDb(made.database.url, { schemaPollMs: 0, breaker });
  const stopped = await db.batch("items", items(3));
  assert.deepEqual([counts(stopped), stopped.rows.map(({ error }) => error?.code)], [
    [0, 0, 0, 0, 3],
    ["BREAKER_OPEN", "BREAKER_OPEN", "BREAKER_OPEN"],
  ]);
  assert.deepEqual([await idsOf(made.database), told], [[], []]);
  isDown = false;
  assert.deepEqual(counts(await db.batch("items", items(3))), [3, 0, 0, 0, 0]);
  await db.close();
  const away = createResilientDb("postgres://postgres@127.0.0.1:1/none", { schemaPollMs: 0, breaker });
  assert.equal((await away.batch("items", items(2))).rows[0]!.error?.code, "ECONNREFUSED");
  assert.deepEqual(told, [false, true]);
  await away.close();
});

Deno.test("what is no batch is refused, and nothing is sent", async () => {
  await using made = await fixture();
  const { db, database } = made;
  await assert.rejects(db.batch("items", items(1), { chunkSize: 0 }), RangeError);
  await assert.rejects(db.batch("items", [1] as never), TypeError);
  await assert.rejects(db.batch("items", items(1), { idempotencyKey: "a b" }), { code: "invalid_idempotency_key" });
  assert.deepEqual(await idsOf(database), []);
});
