import assert from "node:assert/strict";
import { join } from "node:path";
import { bootstrap } from "../../local/database/bootstrap.ts";
import { connect } from "../../local/database/connect.ts";
import { migrate } from "../../local/database/migrate.ts";
import { seed } from "../../local/database/seed.ts";
import { supabaseCli } from "../../tools/supabaseCli.ts";
import { bareDatabase } from "../harness/bareDatabase.ts";
import { tempFolder } from "../harness/tempFolder.ts";

/** What the CLI's splitter could see differently. */
const trickyMigrations = {
  "20260101000000_tricky_one.sql": `-- leading; comment
create table public.a (id int primary key, note text default 'x;y');;
/* block ; /* nested ; */ comment */
create function public.f() returns int language plpgsql set search_path = '' as $body$
begin
  -- inner; comment
  return 1;
end;
$body$;
select E'it\\'s; ok'; select 'it''s; ok', "a;b" from (select 1 as "a;b") as x; -- trailing; same line
create function public.g() returns int begin atomic select 1; select case when true then 2 else 3 end; end;
create rule r as on insert to public.a do also (select 1; select 2);
select $$a;$b$c;$$
;

comment on table public.a is 'tail'
-- the end; really
`,
  "20260102000000_only_a_comment.sql": "-- nothing; here\n",
  "20260103000000_tail.sql": "select 1;\n\n-- tail\n",
};

async function describeHistory(url: string): Promise<unknown> {
  await using sql = connect(url);
  const columns = await sql`
    select c.relname, a.attname, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull, a.attnum::int,
      pg_get_userbyid(c.relowner) as owner, c.relacl::text as rights,
      (select pg_get_constraintdef(k.oid) from pg_constraint as k where k.conrelid = c.oid and contype = 'p') as key
    from pg_class as c
    join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0
    where c.relnamespace = 'supabase_migrations'::regnamespace and c.relkind = 'r'
    order by 1, a.attnum`;
  const migrations = await sql`select * from supabase_migrations.schema_migrations order by version`;
  const seeds = await sql`select * from supabase_migrations.seed_files`;
  return { columns: [...columns], migrations: [...migrations], seeds: [...seeds] };
}

Deno.test("migrations and seed are recorded exactly as the CLI records them", async () => {
  await using folder = await tempFolder();
  const supabase = join(folder.path, "supabase");
  await Deno.mkdir(join(supabase, "migrations"), { recursive: true });
  await Deno.writeTextFile(join(supabase, "config.toml"), 'project_id = "tricky"\n');
  await Deno.writeTextFile(join(supabase, "seed.sql"), "insert into public.a (id) values (1);\n");
  for (const [name, text] of Object.entries(trickyMigrations)) {
    await Deno.writeTextFile(join(supabase, "migrations", name), text);
  }
  await using theirs = await bareDatabase();
  await bootstrap(theirs.superuserUrl);
  const push = ["db", "push", "--yes", "--include-seed", `--remote=${theirs.url}?sslmode=disable`];
  const { success, stderr } = await supabaseCli(push, { cwd: folder.path });
  assert.ok(success, stderr);

  await using ours = await bareDatabase();
  await bootstrap(ours.superuserUrl);
  await migrate({ url: ours.url, folder: join(supabase, "migrations") });
  assert.equal(await seed({ url: ours.url, file: join(supabase, "seed.sql") }), true);
  assert.deepEqual(await describeHistory(ours.url), await describeHistory(theirs.url));

  assert.equal(await seed({ url: theirs.url, file: join(supabase, "seed.sql") }), false);
  assert.deepEqual(await migrate({ url: theirs.url, folder: join(supabase, "migrations") }), []);
});
