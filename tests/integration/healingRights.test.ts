import assert from "node:assert/strict";
import postgres from "postgres";
import { postgresHealingLedger } from "../../supabase/functions/_shared/healing/ledger/postgresHealingLedger.ts";
import type { SqlTag } from "../../supabase/functions/_shared/db/database.ts";
import { publishable } from "./dbFixture.ts";
import { addContact, ann, eve, healingDatabase, healRecord, rescueRecord } from "./healingFixture.ts";

const tables = [
  "healing_events",
  "rescued_fields",
  "noted_rows",
  "dead_letters",
  "healing_patterns",
  "transaction_logs",
];
const denied = { code: "42501" };

Deno.test("callers can reach exactly the functions of the gate, and no table of the kernel", async () => {
  await using database = await healingDatabase();
  for (const role of ["anon", "authenticated"]) {
    const functions = await database.sql<{ name: string; is_definer: boolean }[]>`
      select p.proname as name, p.prosecdef as is_definer from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname like 'resilience%' and has_schema_privilege(${role}, n.oid, 'usage')
        and has_function_privilege(${role}, p.oid, 'execute') order by 1`;
    assert.deepEqual(functions.map(({ name, is_definer }) => `${name}${is_definer ? " (definer)" : ""}`), [
      "claim_transaction (definer)",
      "finish_transaction (definer)",
      "keep_dead_letters (definer)",
      "move_value",
      "record_heals (definer)",
      "rescue_fields (definer)",
      "row_condition",
    ]);
  }
  for (const caller of [ann, publishable]) {
    for (const table of tables) {
      for (const statement of [`select from resilience.${table}`, `delete from resilience.${table}`]) {
        await assert.rejects(database.as(caller).sql(asTemplate(statement)), denied, statement);
      }
    }
  }
});

Deno.test("the gate is shut for a session of PostgREST's login, whatever role it takes", async () => {
  await using database = await healingDatabase();
  const url = new URL(database.url);
  url.username = "authenticator";
  const api = postgres(url.href, { max: 1, onnotice: () => {} });
  try {
    for (const role of ["anon", "authenticated", "service_role"]) {
      const calls = [
        `record_heals('[]')`,
        `rescue_fields('[]')`,
        `keep_dead_letters('[]')`,
        `claim_transaction('s', 'k', null, 1000)`,
        `finish_transaction('s', 'k', null)`,
      ];
      for (const call of calls) {
        await assert.rejects(
          api.begin(async (sql) => {
            await sql.unsafe(`set local role ${role}`);
            await sql.unsafe(`select resilience_gate.${call}`);
          }),
          { code: "42501", message: "Only the kernel's own connection may write about healing" },
        );
      }
    }
  } finally {
    await api.end();
  }
});

Deno.test("nothing can be rescued for a row that the transaction did not write, be it the caller's own", async () => {
  await using database = await healingDatabase();
  const annsId = await addContact(database.as(ann).sql);
  const cases: [string, (sql: SqlTag) => Promise<string>][] = [
    ["somebody else's row", () => Promise.resolve(annsId)],
    ["a row that is not there", () => Promise.resolve("999999")],
    ["an own row of an earlier transaction", () => addContact(database.as(eve).sql)],
    ["a row written and rolled back to a savepoint", async (sql) => {
      await sql`savepoint before`;
      const id = await addContact(sql);
      await sql`rollback to savepoint before`;
      return id;
    }],
    ["a row that was merely locked", async (sql) => {
      const id = await addContact(database.as(eve).sql);
      await sql`select from public.contacts where id = ${id} for update`;
      return id;
    }],
  ];
  for (const [what, rowOf] of cases) {
    await assert.rejects(
      database.as(eve).transaction(async (sql) => {
        await postgresHealingLedger(sql).rescue([rescueRecord(database, await rowOf(sql), { mail: "forged" })]);
      }),
      { code: "42501", message: "Fields are set aside only for a row of the same transaction" },
      what,
    );
  }
  // While the row's writer is still at work, too: its row is not visible to anybody else.
  await database.as(ann).transaction(async (sql) => {
    const id = await addContact(sql);
    await assert.rejects(
      database.as(eve).transaction((own) => postgresHealingLedger(own).rescue([rescueRecord(database, id, { m: 1 })])),
      denied,
    );
  });
  assert.deepEqual(await postgresHealingLedger(database.admin.sql).listRescued(), []);
});

Deno.test("rows written behind a savepoint, by an update or an upsert, and in partitions are the transaction's own", async () => {
  await using database = await healingDatabase();
  await database.sql.unsafe(`
    create table public.events (id int, at timestamptz default '2026-11-21 10:00:00.123456+00', primary key (id, at))
      partition by range (at);
    create table public.events_2026 partition of public.events for values from ('2026-01-01') to ('2027-01-01');
    alter table public.events enable row level security;
    create policy all_events on public.events for all to authenticated using (true) with check (true);
    grant select, insert on public.events to authenticated;
  `);
  const id = await addContact(database.as(ann).sql);
  const [{ oid } = { oid: 0 }] = await database.sql<
    { oid: number }[]
  >`select 'public.events'::regclass::oid::int as oid`;
  await database.as(ann).transaction(async (sql) => {
    const ledger = postgresHealingLedger(sql);
    await sql`savepoint one`;
    const behind = await addContact(sql);
    await sql`release savepoint one`;
    await sql`update public.contacts set email = 'n' where id = ${id}`;
    await ledger.rescue([rescueRecord(database, behind, { a: 1 }), rescueRecord(database, id, { a: 1 })]);
    const [event] = await sql<{ id: number; at: Date }>`insert into public.events (id) values (1) returning *`;
    await ledger.rescue([
      rescueRecord(database, 0, { a: 1 }, { table: { oid, schema: "public", name: "events" }, rowKey: { ...event } }),
    ]);
  });
  assert.equal((await postgresHealingLedger(database.admin.sql).listRescued()).length, 3);
});

Deno.test("a caller can tell nothing of a table it may not write to", async () => {
  await using database = await healingDatabase();
  const prices = { oid: database.pricesOid, schema: "public", name: "prices" };
  const attempts: ((sql: SqlTag) => Promise<void>)[] = [
    (sql) => postgresHealingLedger(sql).recordHeals([healRecord(database, { table: prices })]),
    (sql) =>
      postgresHealingLedger(sql).rescue([rescueRecord(database, 0, { x: 1 }, { table: prices, rowKey: { sku: "a" } })]),
    (sql) =>
      postgresHealingLedger(sql).keepDeadLetters([
        { id: crypto.randomUUID(), table: prices, operation: "insert", payload: "{}", errorCode: "22003" },
      ]),
  ];
  for (const attempt of attempts) {
    await assert.rejects(database.as(eve).transaction(attempt), {
      code: "42501",
      message: `The caller may not write to table ${prices.oid}`,
    });
  }
});

Deno.test("a caller can neither set fields aside ahead of a write nor write in somebody else's name", async () => {
  await using database = await healingDatabase();
  const { rowKey: _, ...ahead } = rescueRecord(database, 0, { mail: "x" });
  await assert.rejects(database.as(eve).transaction((sql) => postgresHealingLedger(sql).rescueAhead([ahead])), denied);
  const id = crypto.randomUUID();
  await database.as(eve).transaction((sql) =>
    postgresHealingLedger(sql).keepDeadLetters([{
      id,
      table: { schema: "public", name: "nowhere" },
      operation: "insert",
      payload: "{}",
      errorCode: "42P01",
      writer: { role: "service_role", claims: { sub: "ann" } },
    }])
  );
  const [letter] = await postgresHealingLedger(database.admin.sql).listDeadLetters({ ids: [id] });
  assert.deepEqual([letter?.writer.role, letter?.writer.claims["sub"]], [
    "authenticated",
    "userId" in eve ? eve.userId : "",
  ]);
});

Deno.test("the row's key cannot be made to run SQL", async () => {
  await using database = await healingDatabase();
  const evil = [{ "id; drop table public.contacts": 1 }, { id: "1'); drop table public.contacts; --" }, {}];
  for (const rowKey of evil) {
    await assert.rejects(
      database.as(eve).transaction(async (sql) => {
        await addContact(sql);
        await postgresHealingLedger(sql).rescue([rescueRecord(database, 0, { x: 1 }, { rowKey })]);
      }),
    );
  }
  assert.equal((await database.sql`select from public.contacts`).length, 0);
});

function asTemplate(text: string): TemplateStringsArray {
  return Object.assign([text], { raw: [text] });
}
