import assert from "node:assert/strict";
import { join } from "node:path";
import { bootstrap } from "../../local/database/bootstrap.ts";
import { migrate } from "../../local/database/migrate.ts";
import { MigrationError } from "../../local/database/migrationError.ts";
import { type BareDatabase, bareDatabase } from "../harness/bareDatabase.ts";
import { tempFolder } from "../harness/tempFolder.ts";

async function preparedDatabase(): Promise<BareDatabase> {
  const database = await bareDatabase();
  await bootstrap(database.superuserUrl);
  return database;
}

async function write(folder: string, files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(join(folder, name), text);
}

const good = {
  "20260101000000_first.sql": "create table public.one (id int primary key);\ninsert into public.one values (1);",
  "20260102000000_second.sql": "create table public.two (id int references public.one);",
};

Deno.test("migrations are applied once, in order, and recorded", async () => {
  await using database = await preparedDatabase();
  await using folder = await tempFolder();
  await write(folder.path, good);
  const options = { url: database.url, folder: folder.path };
  assert.deepEqual(await migrate(options), Object.keys(good));
  assert.deepEqual(await migrate(options), []);
  const rows = await database.sql`select * from supabase_migrations.schema_migrations order by version`;
  assert.deepEqual(rows.map(({ version, name, statements }) => [version, name, statements]), [
    ["20260101000000", "first", [
      "create table public.one (id int primary key)",
      "insert into public.one values (1)",
    ]],
    ["20260102000000", "second", ["create table public.two (id int references public.one)"]],
  ]);
});

Deno.test("objects belong to postgres, whoever migrates", async () => {
  await using database = await preparedDatabase();
  await using folder = await tempFolder();
  await write(folder.path, good);
  await migrate({ url: database.superuserUrl, folder: folder.path });
  const rows = await database.sql`
    select distinct pg_get_userbyid(relowner) as owner from pg_class
    where relnamespace in ('public'::regnamespace, 'supabase_migrations'::regnamespace)
      and relname !~ '^pg_stat_statements'`;
  assert.deepEqual(rows.map(({ owner }) => owner), ["postgres"]);
});

Deno.test("a failing migration names file and statement, and leaves nothing behind", async () => {
  await using database = await preparedDatabase();
  await using folder = await tempFolder();
  const bad = "20260103000000_bad.sql";
  await write(folder.path, {
    ...good,
    [bad]: "create table public.three (id int);\ninsert into public.nowhere values (1)",
  });
  await assert.rejects(() => migrate({ url: database.url, folder: folder.path }), (error: MigrationError) => {
    assert.ok(error instanceof MigrationError);
    assert.deepEqual([error.fileName, error.statementNumber, error.code], [bad, 2, "42P01"]);
    assert.match(error.message, /'20260103000000_bad\.sql' as its statement 2 of 2 failed: .*nowhere.* \(42P01\)/);
    assert.match(error.message, / {2}\| insert into public\.nowhere/);
    return true;
  });
  const [row] = await database.sql`
    select to_regclass('public.three') as three, to_regclass('public.two')::text as two,
      (select count(*)::int from supabase_migrations.schema_migrations) as recorded`;
  assert.deepEqual({ ...row }, { three: null, two: "two", recorded: 2 });
  await write(folder.path, { [bad]: "create table public.three (id int)" });
  assert.deepEqual(await migrate({ url: database.url, folder: folder.path }), [bad]);
});

Deno.test("of several starters each migration is applied by one", async () => {
  await using database = await preparedDatabase();
  await using folder = await tempFolder();
  await write(folder.path, good);
  const starters = Array.from({ length: 4 }, () => migrate({ url: database.url, folder: folder.path }));
  const applied = (await Promise.all(starters)).flat();
  assert.deepEqual(applied.sort(), Object.keys(good));
});

Deno.test("what a migration sets is not for the next one", async () => {
  await using database = await preparedDatabase();
  await using folder = await tempFolder();
  await write(folder.path, {
    "1_set.sql": "set search_path = ''; set role service_role;",
    "2_make.sql": "create table unqualified (id int)",
  });
  await migrate({ url: database.url, folder: folder.path });
  const [row] = await database.sql`select to_regclass('public.unqualified')::text as found`;
  assert.equal(row?.found, "unqualified");
});

Deno.test("a database ahead of the checkout is not touched", async () => {
  await using database = await preparedDatabase();
  await using folder = await tempFolder();
  await write(folder.path, good);
  await migrate({ url: database.url, folder: folder.path });
  await Deno.remove(join(folder.path, "20260102000000_second.sql"));
  await write(folder.path, { "20260104000000_fourth.sql": "select 1" });
  await assert.rejects(
    () => migrate({ url: database.url, folder: folder.path }),
    /the database has migrations that '.*' lacks: 20260102000000;/,
  );
  const [row] = await database.sql`select count(*)::int as count from supabase_migrations.schema_migrations`;
  assert.equal(row?.count, 2);
});

Deno.test("two files of one version are refused", async () => {
  await using database = await preparedDatabase();
  await using folder = await tempFolder();
  await write(folder.path, { "1_a.sql": "select 1", "1_b.sql": "select 1" });
  await assert.rejects(() => migrate({ url: database.url, folder: folder.path }), /'1_a.sql' and '1_b.sql'/);
});

Deno.test("a file that changed after it was applied is reported, and not applied again", async () => {
  await using database = await preparedDatabase();
  await using folder = await tempFolder();
  const changed: string[] = [];
  const options = { url: database.url, folder: folder.path, onChanged: (fileName: string) => changed.push(fileName) };
  await write(folder.path, good);
  await migrate(options);
  await migrate(options);
  assert.deepEqual(changed, []);
  await write(folder.path, { "20260102000000_second.sql": "create table public.other (id int)" });
  assert.deepEqual(await migrate(options), []);
  assert.deepEqual(changed, ["20260102000000_second.sql"]);
});
