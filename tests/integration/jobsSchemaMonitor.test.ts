import assert from "node:assert/strict";
import { monitorSchema } from "../../supabase/functions/_domains/ops/monitorSchema.ts";
import { fakeServices } from "../../supabase/functions/_shared/http/testing/fakeServices.ts";
import { createResilientDb } from "../../supabase/functions/_shared/resilientDbWrapper.ts";
import { systemClock } from "../../supabase/functions/_shared/time/clock.ts";
import { type JobDatabase, jobDatabase } from "./jobs/jobDatabase.ts";

async function look({ admin }: JobDatabase, isDryRun = false) {
  const { log, logged } = fakeServices();
  const result = await monitorSchema({ isDryRun }, { admin, clock: systemClock, log });
  assert.ok(result.isDone);
  return { ...result.outcome, warnings: logged.filter(({ level }) => level === "warn") };
}

const versionsOf = async ({ sql }: JobDatabase) =>
  (await sql`select version from resilience.schema_versions order by version`).length;

Deno.test("the history is whole though no isolate writes: each look records what has changed since the one before", async () => {
  await using database = await jobDatabase();
  assert.deepEqual([(await look(database)).isNew, await versionsOf(database)], [true, 1]);
  assert.deepEqual([(await look(database)).isNew, await versionsOf(database)], [false, 1]);
  await database.sql`create table public.crates (id bigint primary key, total numeric)`;
  const rehearsed = await look(database, true);
  assert.deepEqual([rehearsed.isNew, rehearsed.changes, await versionsOf(database)], [true, 1, 1]);
  const added = await look(database);
  assert.deepEqual([added.isNew, added.changes, added.critical, added.warnings], [true, 1, [], []]);
  await database.sql`alter table public.crates drop column total`;
  const dropped = await look(database);
  assert.deepEqual([dropped.changes, dropped.critical], [1, ["column_dropped public.crates.total"]]);
  assert.equal(dropped.warnings.length, 1);
  assert.deepEqual([(await look(database, true)).isNew, await versionsOf(database)], [false, 3]);
});

Deno.test("a change that an isolate has recorded is not recorded again, and what was learned is brought to it", async () => {
  await using database = await jobDatabase();
  await database.sql.unsafe(`
    create table public.goods (id bigint primary key, title text, price numeric);
    grant all on public.goods to service_role`);
  const db = createResilientDb(database.url, { schemaPollMs: 0 });
  await db.insert("goods", { id: 1, Title: "a" });
  await db.insert("goods", { id: 2, Price: "1" });
  await db.flush();
  await database.sql`alter table public.goods rename column title to headline`;
  await db.insert("goods", { id: 3, title: "b" }); // The isolate that writes sees it first.
  await db.close();
  const seen = await look(database);
  assert.deepEqual([seen.isNew, seen.changes], [false, 0]);
  await database.sql`alter table public.goods drop column price`;
  const { rescopedPatterns, expiredPatterns } = await look(database);
  assert.ok(rescopedPatterns! >= 2, `${rescopedPatterns} were brought to it`);
  assert.equal(expiredPatterns, 1);
  const kept = await database
    .sql`select target_column from resilience.healing_patterns where state <> 'expired' and key = 'Title'`;
  assert.deepEqual(kept.map(({ target_column }) => target_column), ["headline"]);
});

Deno.test("many looks at once record a change once", async () => {
  await using database = await jobDatabase({ connections: 8 });
  await look(database);
  await database.sql`create table public.crates (id int)`;
  const looks = await Promise.all(Array.from({ length: 8 }, () => look(database)));
  assert.equal(new Set(looks.map(({ version }) => version)).size, 1);
  assert.equal(await versionsOf(database), 2);
});
