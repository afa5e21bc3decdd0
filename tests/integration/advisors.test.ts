import assert from "node:assert/strict";
import { projectRoot } from "../../tools/projectRoot.ts";
import { type CliResult, supabaseCli } from "../../tools/supabaseCli.ts";
import { testDatabase } from "../harness/testDatabase.ts";

function cli(url: string, ...args: string[]): Promise<CliResult> {
  const address = new URL(url);
  address.searchParams.set("sslmode", "disable");
  return supabaseCli([...args, `--remote=${address.href}`, "--yes"], { cwd: projectRoot });
}

const advise = ["db", "advisors", "--level", "warn", "--fail-on", "warn"];

Deno.test("Supabase's advisors have nothing to warn of in a migrated database", async () => {
  await using database = await testDatabase();
  const { success, stdout, stderr } = await cli(database.url, ...advise);
  assert.ok(success, stdout + stderr);
});

Deno.test("the advisors do see a table without row level security", async () => {
  await using database = await testDatabase();
  await database.sql`create table public.careless (id int primary key)`;
  await database.sql`grant select on public.careless to anon`;
  const { success, stdout, stderr } = await cli(database.url, ...advise);
  assert.equal(success, false);
  assert.match(stdout + stderr, /careless/);
});

Deno.test("the CLI agrees with what our own migrator recorded, and finds nothing to push", async () => {
  await using database = await testDatabase();
  const push = await cli(database.url, "db", "push", "--dry-run");
  assert.ok(push.success, push.stdout + push.stderr);
  assert.match(push.stdout + push.stderr, /up to date/i);
  const list = await cli(database.url, "migration", "list", "--output-format", "json");
  assert.ok(list.success, list.stdout + list.stderr);
  const { migrations } = JSON.parse(list.stdout) as { migrations: { local?: string; remote?: string }[] };
  assert.ok(migrations.length > 0);
  for (const { local, remote } of migrations) assert.deepEqual([typeof local, local], ["string", remote]);
});
