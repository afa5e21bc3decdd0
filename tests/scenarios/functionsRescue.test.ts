import assert from "node:assert/strict";
import type { TestDatabase } from "../harness/testDatabase.ts";
import { testStack } from "../harness/testStack.ts";
import { callsOf } from "./opsCalls.ts";

const hours = (n: number) => `${n} hours`;

/** A table, letters to it that can land by now but for every tenth, and records of fields of rows that are there. */
async function plant({ sql }: TestDatabase, letters: number, fields = 0) {
  await sql.unsafe(`
    create table public.goods (id bigint primary key, title text);
    alter table public.goods enable row level security;
    grant all on public.goods to service_role`);
  await sql`
    insert into resilience.dead_letters (id, table_schema, table_name, operation, payload, arguments, error_code, error_fields,
      writer_role, writer_claims, died_at)
    select gen_random_uuid(), 'public', 'goods', 'insert',
      json_build_object('id', case when n % 10 = 0 then 'none' else n::text end, 'title', 'my secret ' || n)::text, '{}',
      '42P01', '{"column": "title"}', 'service_role', '{"sub": "u1", "email": "a@b"}', now() - ${
    hours(1)
  }::interval + interval '1 ms' * n
    from generate_series(1, ${letters}) n`;
  if (fields === 0) return;
  await sql`insert into public.goods (id) select 10000 + n from generate_series(1, ${fields}) n`;
  await sql`
    insert into resilience.rescued_fields (id, table_oid, table_schema, table_name, row_key, fields, open_fields, shape,
      writer_role, writer_claims, landed_at)
    select gen_random_uuid(), 'public.goods'::regclass::oid::bigint, 'public', 'goods', jsonb_build_object('id', (10000 + n)::text),
      json_build_object('title', 'moved ' || n)::text, array['"title"'], '{"parts": [], "fingerprint": ""}', 'service_role', '{}',
      now()
    from generate_series(1, ${fields}) n`;
}

const titles = async ({ sql }: TestDatabase) =>
  (await sql<{ title: string }[]>`select title from public.goods where title is not null order by id`)
    .map(({ title }) => title);

Deno.test("what is kept is shown by its names; its values only to who says why, and that is logged", async () => {
  await using stack = await testStack();
  const { get } = callsOf(stack, "ops-rescue");
  await plant(stack.database, 3, 2);
  const letters = await get({ table: "goods" });
  assert.equal(letters.status, 200, JSON.stringify(letters.body));
  const [letter] = letters.body.letters;
  assert.deepEqual([letters.body.letters.length, letter.keys, letter.errorCode, letter.column], [
    3,
    ["id", "title"],
    "42P01",
    "title",
  ]);
  assert.deepEqual(letter.writer, { role: "service_role", sub: "u1" });
  const fields = (await get({ view: "fields" })).body.fields;
  assert.deepEqual(fields.map((record: { openKeys: string[] }) => record.openKeys), [["title"], ["title"]]);
  assert.deepEqual(fields.map((record: { rowKey: { id: string } }) => record.rowKey.id).sort(), ["10001", "10002"]);
  for (const shown of [letters.body, fields]) assert.doesNotMatch(JSON.stringify(shown), /secret|moved \d|a@b/);

  assert.deepEqual([
    (await get({ values: true })).status,
    (await get({ values: true, reason: "x", limit: 100 })).status,
  ], [
    422,
    422,
  ]);
  const open = await get({ values: true, reason: "ticket 12", limit: 2 });
  assert.match(open.body.letters[0].values.payload, /"title" : "my secret \d"/);
  assert.match((await get({ view: "fields", values: true, reason: "ticket 12" })).body.fields[0].values, /moved/);
  const told = stack.logs.filter((line) => line.includes("Kept values are read"));
  assert.equal(told.length, 2);
  assert.ok(told.every((line) => line.includes("key:default") && line.includes("ticket 12")), told.join("\n"));
});

Deno.test("rows of a table without a primary key are not told by their key, which is the whole row", async () => {
  await using stack = await testStack();
  const { get } = callsOf(stack, "ops-rescue");
  const { sql } = stack.database;
  await plant(stack.database, 0, 1);
  await sql`create table public.loose (note text)`;
  await sql`
    update resilience.rescued_fields set table_oid = 'public.loose'::regclass::oid::bigint, row_key = '{"note": "secret"}'`;
  assert.equal((await get({ view: "fields" })).body.fields[0].rowKey, null);
  const withValues = await get({ view: "fields", values: true, reason: "ticket 12" });
  assert.deepEqual(withValues.body.fields[0].rowKey, { note: "secret" });
});

Deno.test("a replay says what it would do, does so in bounded steps, and tells what is still dead", async () => {
  await using stack = await testStack();
  const { get, post } = callsOf(stack, "ops-rescue");
  await plant(stack.database, 25, 15);
  const replay = (input: Record<string, unknown> = {}) => post({ action: "replay", table: "public.goods", ...input });
  const dry = await replay({ dryRun: true, limit: 30 });
  assert.equal(dry.status, 200, JSON.stringify(dry.body));
  assert.deepEqual([dry.body.isDryRun, dry.body.tried, dry.body.landed], [true, 30, []]);
  const kinds = dry.body.wouldTry.map(({ kind }: { kind: string }) => kind);
  assert.deepEqual([kinds.slice(0, 25), kinds.slice(25)], [Array(25).fill("letter"), Array(5).fill("fields")]);
  assert.deepEqual(await titles(stack.database), []);

  const landed: string[] = [];
  const moved: string[] = [];
  const stillDead: string[] = [];
  let after: string | null = null;
  let calls = 0;
  do {
    const { status, body }: Awaited<ReturnType<typeof post>> = await replay({
      limit: 12,
      ...(after === null ? {} : { after }),
    });
    assert.equal(status, 200, JSON.stringify(body));
    assert.ok(body.tried <= 12);
    landed.push(...body.landed);
    moved.push(...body.moved.map(({ id }: { id: string }) => id));
    stillDead.push(...body.stillDead.map(({ code }: { code: string }) => code));
    after = body.next;
    calls++;
  } while (after !== null);
  assert.deepEqual([landed.length, new Set(landed).size, moved.length], [23, 23, 15]);
  assert.deepEqual(stillDead, ["22P02", "22P02"], "each still dead letter was tried once in a walk");
  assert.ok(calls >= 4, `${calls} calls`);
  assert.equal((await titles(stack.database)).length, 38);
  const left = (await get()).body.letters;
  assert.deepEqual(
    left.map(({ errorCode, attempts }: { errorCode: string; attempts: number }) => [errorCode, attempts]),
    [
      ["22P02", 2],
      ["22P02", 2],
    ],
  );
  const all = (await get({ state: "all" })).body.letters;
  assert.deepEqual(all.filter(({ settled }: { settled: unknown }) => settled !== null).length, 23);
});

Deno.test("operators who replay at once land each letter and move each field once", async () => {
  await using stack = await testStack({ isolates: 2 });
  const { post } = callsOf(stack, "ops-rescue");
  await plant(stack.database, 40, 20);
  const answers = await Promise.all(Array.from({ length: 5 }, () => post({ action: "replay", limit: 1_000 })));
  assert.deepEqual(answers.map(({ status }) => status), [200, 200, 200, 200, 200], JSON.stringify(answers));
  const landed = answers.flatMap(({ body }) => body.landed);
  const moved = answers.flatMap(({ body }) => body.moved);
  assert.deepEqual([landed.length, new Set(landed).size, moved.length], [36, 36, 20]);
  assert.equal((await titles(stack.database)).length, 56);
});

Deno.test("a letter is discarded once, with who and why, and is never sent again", async () => {
  await using stack = await testStack({ isolates: 2 });
  const { get, post } = callsOf(stack, "ops-rescue");
  await plant(stack.database, 3);
  const ids: string[] = (await get()).body.letters.map(({ id }: { id: string }) => id);
  const stranger = crypto.randomUUID();
  const discard = (which: string[]) => post({ action: "discard", ids: which, reason: "test data" });
  const answers = await Promise.all([discard([...ids, stranger]), discard([...ids].reverse()), discard(ids)]);
  assert.deepEqual(answers.map(({ status }) => status), [200, 200, 200], JSON.stringify(answers));
  assert.deepEqual(answers.flatMap(({ body }) => body.discarded).sort(), [...ids].sort());
  assert.deepEqual(answers[0]!.body.unknown, [stranger]);
  const [letter] = (await get({ state: "all" })).body.letters;
  assert.deepEqual({ ...letter.settled, at: "" }, {
    outcome: "discarded",
    at: "",
    by: "key:default",
    reason: "test data",
  });
  const replayed = await post({ action: "replay", ids });
  assert.deepEqual([replayed.body.tried, replayed.body.landed], [0, []]);
  assert.deepEqual(await titles(stack.database), []);
});

Deno.test("what is sent again is judged as its writer, not as the operator", async () => {
  await using stack = await testStack();
  const { post } = callsOf(stack, "ops-rescue");
  await plant(stack.database, 2);
  await stack.database.sql`update resilience.dead_letters set writer_role = 'anon', writer_claims = '{}'`;
  const { body } = await post({ action: "replay" });
  assert.deepEqual(body.stillDead.map(({ code }: { code: string }) => code), ["42501", "42501"]);
  await stack.database.sql`update resilience.dead_letters set writer_role = 'supabase_admin'`;
  const other = await post({ action: "replay" });
  assert.deepEqual(other.body.stillDead.map(({ code }: { code: string }) => code), [
    "UNKNOWN_WRITER",
    "UNKNOWN_WRITER",
  ]);
  assert.deepEqual(await titles(stack.database), []);
});

Deno.test("what cannot be is refused, and strangers get in nowhere", async () => {
  await using stack = await testStack();
  const { ask, get, post, strangers } = callsOf(stack, "ops-rescue");
  await plant(stack.database, 1);
  const id = crypto.randomUUID();
  for (
    const body of [
      {},
      { action: "erase" },
      { action: "replay", limit: 1e9 },
      { action: "replay", ids: ["1"] },
      { action: "replay", ids: Array(1_001).fill(id) },
      { action: "replay", after: "eA" },
      { action: "discard", ids: [id] },
      { action: "discard", ids: [], reason: "x" },
      { action: "discard", ids: Array(201).fill(id), reason: "x" },
      { action: "discard", ids: [id], reason: "a\0" },
      { action: "discard", ids: [id], reason: "x", table: "goods" },
    ]
  ) {
    assert.equal((await post(body)).status, 422, JSON.stringify(body));
  }
  for (const query of [{ limit: 201 }, { view: "all" }, { after: "%" }, { values: "maybe" }]) {
    assert.equal((await get(query)).status, 422, JSON.stringify(query));
  }
  assert.deepEqual((await get({ table: "g%" })).body.letters, []);
  for (const headers of await strangers()) {
    for (const [method, input] of [["GET", {}], ["POST", { action: "replay" }]] as const) {
      const { status, body } = await ask(headers, method, input);
      assert.ok(status === 401 || status === 403, `${method}: ${status}`);
      assert.doesNotMatch(JSON.stringify(body), /secret \d/);
    }
  }
  assert.equal((await get()).body.letters[0].attempts, 1);
});
