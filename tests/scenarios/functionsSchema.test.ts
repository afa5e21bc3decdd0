import assert from "node:assert/strict";
import { createResilientDb } from "../../supabase/functions/_shared/resilientDbWrapper.ts";
import { testStack } from "../harness/testStack.ts";
import { callsOf } from "./opsCalls.ts";

Deno.test("an operator looks at the schema, sees what changed, and follows a table through its renames", async () => {
  await using stack = await testStack();
  const { get, post } = callsOf(stack, "ops-schema");
  const { sql } = stack.database;
  assert.deepEqual((await get()).body, { view: "versions", versions: [], next: null });
  assert.equal((await get({ view: "diff", from: 1 })).status, 404);
  await sql.unsafe("create table public.crates (id bigint primary key, total numeric, note text)");
  const first = await post();
  assert.deepEqual([first.status, first.body.isNew, first.body.changes], [200, true, []], JSON.stringify(first.body));
  assert.equal((await post()).body.isNew, false);

  await sql.unsafe("alter table public.crates rename column total to total_cents");
  const second = await post();
  assert.deepEqual([second.body.isNew, second.body.version], [true, first.body.version + 1]);
  assert.deepEqual(second.body.changes, [{
    kind: "column_renamed",
    severity: "high",
    subject: "public.crates",
    part: "total_cents",
    before: "total",
    after: "total_cents",
  }]);
  await sql.unsafe("alter table public.crates rename to sales; create index on public.sales (note)");
  await post();
  await sql.unsafe("alter table public.sales drop column note; create table public.other (id int)");
  const last = (await post()).body.version;

  const { versions } = (await get()).body;
  assert.deepEqual(versions.map(({ version }: { version: number }) => version), [last, last - 1, last - 2, last - 3]);
  assert.deepEqual(versions[0].changes, { low: 1, medium: 1, high: 0, critical: 1 });
  const kindsOf = (changes: { kind: string }[]) => changes.map(({ kind }) => kind);
  for (const table of ["crates", "public.sales"]) {
    const { changes } = (await get({ view: "changes", table })).body;
    assert.deepEqual(kindsOf(changes), [
      "index_dropped",
      "column_dropped",
      "index_added",
      "table_renamed",
      "column_renamed",
    ], table);
  }
  assert.deepEqual(kindsOf((await get({ view: "changes", severity: "high" })).body.changes), [
    "column_dropped",
    "table_renamed",
    "column_renamed",
  ]);
  assert.deepEqual((await get({ view: "changes", since: "2100-01-01T00:00:00Z" })).body.changes, []);

  const one = (await get({ view: "version", version: last - 2 })).body;
  assert.deepEqual(one.snapshot.tables.at(-1).name, "crates");
  assert.deepEqual(one.snapshot.tables.at(-1).columns[1].name, "total_cents");
  const diff = (await get({ view: "diff", from: last - 3 })).body;
  assert.equal(diff.to, last);
  assert.deepEqual(kindsOf(diff.changes).sort(), ["column_dropped", "column_renamed", "table_added", "table_renamed"]);
  const back = (await get({ view: "diff", from: last, to: last - 3 })).body;
  assert.deepEqual(kindsOf(back.changes).sort(), ["column_added", "column_renamed", "table_dropped", "table_renamed"]);
});

Deno.test("pages of versions and of changes show each once", async () => {
  await using stack = await testStack();
  const { get, post } = callsOf(stack, "ops-schema");
  for (let n = 1; n <= 5; n++) {
    await stack.database.sql.unsafe(`create table public.t${n} (id int); create table public.u${n} (id int)`);
    await post();
  }
  for (const [view, total] of [["versions", 5], ["changes", 8]] as const) {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { body }: Awaited<ReturnType<typeof get>> = await get({
        view,
        limit: 3,
        ...(after === null ? {} : { after }),
      });
      assert.ok(body[view].length <= 3);
      seen.push(...body[view].map((entry: Record<string, unknown>) => String(entry["after"] ?? entry["version"])));
      after = body.next;
    } while (after !== null);
    assert.deepEqual([seen.length, new Set(seen).size], [total, total], view);
  }
});

Deno.test("a look lets what was learned of a table that is gone expire, though no isolate writes", async () => {
  await using stack = await testStack();
  const { post } = callsOf(stack, "ops-schema");
  const { sql } = stack.database;
  await sql.unsafe(
    "create table public.goods (id bigint primary key, title text); grant all on public.goods to service_role",
  );
  const db = createResilientDb(stack.dbUrl, { schemaPollMs: 0 });
  await db.insert("goods", { id: 1, Title: "a" });
  await db.close();
  await sql.unsafe("alter table public.goods drop column title");
  const { body } = await post();
  assert.deepEqual([body.rescopedPatterns, body.expiredPatterns], [1, 1], JSON.stringify(body));
  const [pattern] = await sql`select state from resilience.healing_patterns`;
  assert.equal(pattern?.state, "expired");
  assert.equal((await post()).body.rescopedPatterns, 0);
});

Deno.test("many who look at once record a change once", async () => {
  await using stack = await testStack({ isolates: 2 });
  const { get, post } = callsOf(stack, "ops-schema");
  await post();
  await stack.database.sql.unsafe("create table public.crates (id int)");
  const answers = await Promise.all(Array.from({ length: 8 }, () => post()));
  assert.ok(answers.every(({ status }) => status === 200), JSON.stringify(answers));
  assert.equal(new Set(answers.map(({ body }) => body.version)).size, 1);
  assert.equal((await get()).body.versions.length, 2);
  assert.equal((await get({ view: "changes" })).body.changes.length, 1);
});

Deno.test("what cannot be is refused, and the schema is nobody's business but an operator's", async () => {
  await using stack = await testStack();
  const { ask, get, post, strangers } = callsOf(stack, "ops-schema");
  for (
    const query of [
      { view: "version" },
      { view: "diff" },
      { view: "version", version: 0 },
      { view: "version", version: "1.5" },
      { view: "version", version: 1e30 },
      { version: 1 },
      { view: "changes", severity: "worst" },
      { view: "changes", table: "a\0" },
      { limit: 1e6 },
      { after: "bnVsbA" },
      { view: "versions", table: "crates" },
    ]
  ) {
    assert.equal((await get(query)).status, 422, JSON.stringify(query));
  }
  assert.equal((await get({ view: "version", version: 9_007_199_254_740_991 })).status, 404);
  assert.deepEqual((await get({ view: "changes", table: "%" })).body.changes, []);
  assert.equal((await post({ schemas: ["auth"] })).status, 422);
  for (const headers of await strangers()) {
    for (const method of ["GET", "POST"]) {
      const { status } = await ask(headers, method);
      assert.ok(status === 401 || status === 403, `${method}: ${status}`);
    }
  }
});
