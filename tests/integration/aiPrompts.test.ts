import assert from "node:assert/strict";
import { readActivePrompts } from "../../supabase/functions/_shared/ai/prompts/postgresPrompts.ts";
import { templateProblem } from "../../supabase/functions/_shared/ai/prompts/renderPrompt.ts";
import { testDatabase } from "../harness/testDatabase.ts";
import { openAdmin } from "./aiFixture.ts";

Deno.test("versions are numbered, never change and never go; one is active", async () => {
  await using database = await testDatabase();
  await using admin = openAdmin(database);
  const { sql } = database;
  const add = () =>
    sql`insert into resilience.prompts (name, version, system, template, model, max_tokens)
      values ('greet', 77, 'Be brief', 'Hello', 'fast', 10) returning version`;
  const added = await Promise.all(Array.from({ length: 5 }, add));
  assert.deepEqual(added.map(([row]) => row!.version).sort(), [1, 2, 3, 4, 5]);
  const activate = async (version: number | null) =>
    (await sql`select resilience.activate_prompt('greet', ${version}::integer) as is_there`)[0]!.is_there;
  const active = async () => (await readActivePrompts(admin.sql)).get("greet")?.version;
  assert.equal(await active(), undefined);
  for (const version of [3, 5, 5, 1]) {
    assert.equal(await activate(version), true);
    assert.equal(await active(), version);
  }
  await Promise.all([2, 3, 4, 5].map(activate));
  assert.equal((await sql`select version from resilience.prompts where name = 'greet' and is_active`).length, 1);
  assert.equal(await activate(9), false);
  assert.equal(await activate(null), true);
  assert.equal(await active(), undefined);

  for (
    const change of ["system = 'x'", "template = 'x'", "version = 9", "max_tokens = 11", "variables = '{\"a\":1}'"]
  ) {
    await assert.rejects(sql.unsafe(`update resilience.prompts set ${change} where name = 'greet' and version = 1`), {
      constraint_name: "prompts_are_append_only",
    });
  }
  await assert.rejects(sql`delete from resilience.prompts`, { constraint_name: "prompts_are_append_only" });
  await assert.rejects(
    sql`insert into resilience.prompts (name, system, template, model, max_tokens) values ('x', 'Hi {{name}}', 'x', 'fast', 1)`,
    { constraint_name: "system_has_no_variables" },
  );
});

Deno.test("the prompts that come along make sense, and one that does not is left out and told", async () => {
  await using database = await testDatabase();
  await using admin = openAdmin(database);
  const { sql } = admin;
  for (const { template, variables } of (await readActivePrompts(sql)).values()) {
    assert.equal(templateProblem(template, variables), undefined);
  }
  await database.sql`insert into resilience.prompts (name, system, template, variables, model, max_tokens, is_active)
    values ('odd', '', 'x', '{"a": {"type": "colour"}}', 'fast', 1, true)`;
  const errors: unknown[] = [];
  const prompts = await readActivePrompts(sql, (error) => errors.push(error));
  assert.deepEqual([prompts.has("odd"), prompts.has("summarize-text"), errors.length], [false, true, 1]);
});
