import assert from "node:assert/strict";
import { createResilientDb } from "../../supabase/functions/_shared/resilientDbWrapper.ts";
import { type TestStack, testStack } from "../harness/testStack.ts";
import { callsOf } from "./opsCalls.ts";

/** A table into which an old client writes, and a resilient database over the stack's. */
async function openGoods(stack: TestStack) {
  await stack.database.sql.unsafe(`
    create table public.goods (id bigint primary key, title text, price numeric, needed text not null default 'x');
    create table public.loose (note text, tag text);
    alter table public.goods enable row level security;
    alter table public.loose enable row level security;
    grant all on public.goods, public.loose to service_role`);
  const db = createResilientDb(stack.dbUrl, { schemaPollMs: 0, requestId: "their-request" });
  return { db, [Symbol.asyncDispose]: () => db.close() };
}

Deno.test("an operator finds a heal, learns why it was done, and takes it back once", async () => {
  await using stack = await testStack();
  const { get, post } = callsOf(stack, "ops-healing");
  await using goods = await openGoods(stack);
  const { healing, error } = await goods.db.insert("goods", { id: 1, Title: "a" });
  assert.equal(error, null);
  await goods.db.flush();
  const { id } = healing[0]!;

  const { status, body } = await get({ table: "goods", strategy: "convention", requestId: "their-request" });
  assert.equal(status, 200, JSON.stringify(body));
  assert.deepEqual([body.view, body.next], ["events", null]);
  assert.deepEqual(body.events.map((heal: { id: string; from: string; to: string; undone: unknown }) => heal.id), [id]);
  assert.deepEqual([body.events[0].from, body.events[0].to, body.events[0].undone], ["Title", "title", null]);

  const one = await get({ id });
  assert.equal(one.status, 200, JSON.stringify(one.body));
  assert.match(one.body.text, /"Title" was taken for "title"[^]*It stands/);
  assert.deepEqual(one.body.rowKeys, [{ id: "1" }]);
  assert.equal(one.body.pattern.column, "title");

  const undone = await post({ id, reason: "another title" });
  assert.deepEqual([undone.status, undone.body], [200, { id, undoneBy: "key:default", rows: 1 }]);
  const again = await post({ id });
  assert.deepEqual([again.status, again.body.code], [409, "conflict"]);
  const after = (await get({ undone: true })).body.events;
  assert.deepEqual(
    after.map((heal: { undone: { by: string; reason: string } }) => [heal.undone.by, heal.undone.reason]),
    [
      ["key:default", "another title"],
    ],
  );
  assert.deepEqual((await get({ undone: false })).body.events, []);
  assert.match((await get({ id })).body.text, /Taken back on .* by key:default: another title/);
  const [row] = await stack.database.sql`select title from public.goods`;
  assert.equal(row?.title, null);
});

Deno.test("of many who undo one heal at once one does, and the others are told", async () => {
  await using stack = await testStack({ isolates: 2 });
  const { post } = callsOf(stack, "ops-healing");
  await using goods = await openGoods(stack);
  const { healing } = await goods.db.insert("goods", { id: 1, Title: "a" });
  await goods.db.flush();
  const answers = await Promise.all(Array.from({ length: 6 }, () => post({ id: healing[0]!.id })));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409, 409, 409, 409]);
});

Deno.test("two operators who decide at once on what both have seen: one decides, the other reads it again", async () => {
  await using stack = await testStack({ isolates: 2 });
  const { get, patch } = callsOf(stack, "ops-healing");
  await using goods = await openGoods(stack);
  await goods.db.insert("goods", { id: 1, Title: "a" });
  await goods.db.flush();
  const [pattern] = (await get({ view: "patterns", state: "probation" })).body.patterns;
  assert.deepEqual([pattern.key, pattern.column, pattern.state], ["Title", "title", "probation"]);
  const { id } = pattern;
  // Outcomes of writes change the version, and so are no reason to be refused.
  await stack.database.sql`update resilience.healing_patterns set successes = successes + 1, version = version + 1`;
  const decided = await Promise.all(
    ["approve", "reject"].map((decision) => patch({ id, decision, seen: "probation", reason: `I ${decision}` })),
  );
  assert.deepEqual(decided.map(({ status }) => status).sort(), [200, 409]);
  const won = decided.find(({ status }) => status === 200)!.body.pattern;
  assert.ok(["approved", "rejected"].includes(won.state));
  assert.deepEqual([won.decidedBy, won.successes >= 1], ["key:default", true]);
  const lost = decided.find(({ status }) => status === 409)!.body;
  assert.match(lost.detail, new RegExp(`is ${won.state} by now, no longer probation`));
  // Who has not said what they saw decides whatever it is by now.
  const other = won.state === "approved" ? "reject" : "approve";
  assert.equal(
    (await patch({ id, decision: other })).body.pattern.state,
    `${other}${other === "approve" ? "d" : "ed"}`,
  );
  await stack.database
    .sql`update resilience.healing_patterns set state = 'expired', decided_by = null, reason = 'gone'`;
  assert.deepEqual([
    (await patch({ id, decision: "approve" })).status,
    (await get({ view: "patterns" })).body.patterns.length,
  ], [409, 1]);
});

Deno.test("pages of heals of one microsecond and many show each once", async () => {
  await using stack = await testStack();
  const { get } = callsOf(stack, "ops-healing");
  await stack.database.sql`
    insert into resilience.healing_events (id, table_schema, table_name, diagnosis, strategy, confidence, duration_ms,
      writer_role, writer_claims, healed_at)
    select gen_random_uuid(), 'public', 'goods', 'unknown_column', 'matcher', 1, 1, 'anon', '{}',
      timestamptz '2026-11-26 08:00:00.123' + interval '1 microsecond' * (n / 3)
    from generate_series(1, 25) n`;
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const { status, body }: Awaited<ReturnType<typeof get>> = await get({
      limit: 4,
      ...(after === null ? {} : { after }),
    });
    assert.equal(status, 200, JSON.stringify(body));
    seen.push(...body.events.map((heal: { id: string }) => heal.id));
    after = body.next;
  } while (after !== null);
  assert.deepEqual([seen.length, new Set(seen).size], [25, 25]);
  const since = "2026-11-26T08:00:00.123004Z";
  assert.equal((await get({ since, until: "2027-01-01T00:00:00Z" })).body.events.length, 25);
  assert.equal((await get({ until: "2026-11-26T09:00:00+01:00" })).body.events.length, 0);
});

Deno.test("a table without a primary key tells no row by its key, as that would be the whole row", async () => {
  await using stack = await testStack();
  const { get } = callsOf(stack, "ops-healing");
  await using goods = await openGoods(stack);
  const { healing, error } = await goods.db.insert("loose", { Note: "secret", tag: "t" });
  assert.equal(error, null);
  const { body } = await get({ id: healing[0]!.id });
  assert.equal(body.rowKeys, null);
});

Deno.test("what cannot be is refused: limits, cursors, ids of another kind, wildcards, filters of another view", async () => {
  await using stack = await testStack();
  const { get, post, patch } = callsOf(stack, "ops-healing");
  await using goods = await openGoods(stack);
  const { healing } = await goods.db.insert("goods", { id: 1, Title: "a" });
  await goods.db.flush();
  const refused: Record<string, unknown>[] = [
    { limit: 1e9 },
    { limit: 0 },
    { limit: -1 },
    { limit: "1; drop table x" },
    { after: "nonsense" },
    { after: "x".repeat(5_000) },
    { table: "a\0b" },
    { id: "not-an-id" },
    { view: "heal" },
    { state: "active" },
    { view: "patterns", strategy: "ai" },
    { since: "yesterday" },
    { unknown: 1 },
  ];
  for (const query of refused) {
    const { status, body } = await get(query);
    assert.deepEqual([status, body.code], [422, "invalid_input"], JSON.stringify(query));
  }
  // The cursor of another list is no place in this one.
  await stack.database.sql`
    insert into resilience.healing_patterns (table_oid, table_schema, table_name, key, target_attnum, target_column, strategy,
      schema_hash) select 1, 'public', 'goods', 'k' || n, n, 'c', 'ai', repeat('a', 64) from generate_series(1, 3) n`;
  const { next } = (await get({ view: "patterns", limit: 1 })).body;
  assert.equal((await get({ after: next })).status, 422);
  assert.equal((await get({ view: "patterns", after: next })).status, 200);
  for (const table of ["go%", "%", "goods' or true --", '"', "."]) {
    assert.deepEqual((await get({ table })).body.events, [], table);
  }
  const [heal] = healing;
  const stranger = crypto.randomUUID();
  assert.equal((await get({ id: stranger })).status, 404);
  assert.equal((await post({ id: stranger })).status, 404);
  assert.equal((await patch({ id: heal!.id, decision: "approve" })).status, 404, "a heal is no pattern");
  const [pattern] = (await get({ view: "patterns" })).body.patterns;
  assert.equal((await post({ id: pattern.id })).status, 404, "a pattern is no heal");
});

Deno.test("healing is nobody's business but an operator's", async () => {
  await using stack = await testStack();
  const { ask, strangers } = callsOf(stack, "ops-healing");
  const id = crypto.randomUUID();
  for (const headers of await strangers()) {
    for (const [method, input] of [["GET", {}], ["POST", { id }], ["PATCH", { id, decision: "approve" }]] as const) {
      const { status } = await ask(headers, method, input);
      assert.ok(status === 401 || status === 403, `${method}: ${status}`);
    }
  }
});
