import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  migrationVersionsChecker,
  migrationVersionsPath,
  renderMigrationVersions,
} from "../../tools/generateMigrationVersions.ts";

const names = ["20260102000000_shop_create_orders.sql", "20260101000000_shop_create_schema.sql", "README.md"];

Deno.test("the list has the versions of the migrations in order, and nothing else", () => {
  const text = renderMigrationVersions(names);
  assert.deepEqual(text.match(/"\d+"/g), ['"20260101000000"', '"20260102000000"']);
});

Deno.test("a migration that the list does not know fails the check", async () => {
  const root = await mkdtemp(join(tmpdir(), "ballast-versions-"));
  try {
    const write = async (path: string, text: string) => {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    };
    for (const name of names) await write(`supabase/migrations/${name}`, "select 1;\n");
    assert.equal((await migrationVersionsChecker.checkRoot(root)).problems.length, 1, "without a list");
    await write(migrationVersionsPath, renderMigrationVersions(names));
    assert.deepEqual((await migrationVersionsChecker.checkRoot(root)).problems, []);
    await write("supabase/migrations/20260103000000_shop_add_index.sql", "select 1;\n");
    const [problem] = (await migrationVersionsChecker.checkRoot(root)).problems;
    assert.equal(problem?.path, migrationVersionsPath);
    assert.match(problem?.message ?? "", /gen:versions/);
  } finally {
    await rm(root, { recursive: true });
  }
});
