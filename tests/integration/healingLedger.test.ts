import assert from "node:assert/strict";
import { postgresHealingLedger } from "../../supabase/functions/_shared/healing/ledger/postgresHealingLedger.ts";
import { reconstructPayload } from "../../supabase/functions/_shared/healing/ledger/reconstructPayload.ts";
import { addContact, ann, healingDatabase, healRecord, rescueRecord } from "./healingFixture.ts";

const payload = { hue_code: 1.5, mail: "x", "od\u0000d": ["\ud800", { b: 1, a: -0 }], email: "a@b", "10": 2n ** 65n };

Deno.test("a heal and its rescue are written with the caller's write, in the caller's transaction, and all of it reads back", async () => {
  await using database = await healingDatabase();
  const heal = healRecord(database, { requestId: "r1", alternatives: [{ to: "hue" }], schemaVersion: "a".repeat(64) });
  const id = await database.as(ann).transaction(async (sql) => {
    const ledger = postgresHealingLedger(sql);
    const contact = await addContact(sql, "a@b");
    await ledger.recordHeals([{ ...heal, rowKeys: [{ id: contact }] }]);
    await ledger.rescue([rescueRecord(database, contact, payload, { healingId: heal.id })]);
    return contact;
  });
  const ledger = postgresHealingLedger(database.admin.sql);
  const [kept] = await ledger.listHeals({ requestId: "r1" });
  assert.deepEqual({ ...kept, healedAt: 0, writer: 0 }, {
    ...heal,
    evidence: { score: 0.93, sample: "nul \\u0000" },
    rowKeys: [{ id }],
    healedAt: 0,
    writer: 0,
  });
  assert.deepEqual(kept?.writer, { role: "authenticated", claims: { sub: "userId" in ann ? ann.userId : 0 } });
  const [rescue] = await ledger.listRescued({ tableOid: database.contactsOid, rowKey: { id: BigInt(id) } });
  assert.deepEqual(rescue?.openKeys, ["10", "hue_code", "mail", "od\u0000d"]);
  const [landed] = await database.sql`select * from public.contacts where id = ${id}`;
  assert.deepEqual(reconstructPayload({ landed: landed!, shape: rescue!.shape, rescuedText: rescue!.rescuedText }), {
    text: '{"10":36893488147419103232,"hue_code":1.5,"mail":"x","od\\u0000d":["\\ud800",{"b":1,"a":-0}],"email":"a@b"}',
    isExact: true,
  });
});

Deno.test("what is written about a write that is rolled back is not there either", async () => {
  await using database = await healingDatabase();
  await assert.rejects(
    database.as(ann).transaction(async (sql) => {
      const ledger = postgresHealingLedger(sql);
      const id = await addContact(sql);
      await ledger.recordHeals([healRecord(database)]);
      await ledger.rescue([rescueRecord(database, id, payload)]);
      throw new Error("no");
    }),
  );
  const ledger = postgresHealingLedger(database.admin.sql);
  assert.deepEqual([await ledger.listHeals(), await ledger.listRescued()], [[], []]);
});

Deno.test("write and rescue can be one statement, without a transaction around it", async () => {
  await using database = await healingDatabase();
  const record = rescueRecord(database, 0, { mail: "x" });
  await database.as(ann).sql`
    with landed as (insert into public.contacts (email) values (null) returning id)
    select landed.id, resilience_gate.rescue_fields(jsonb_build_array(jsonb_build_object('id', ${record.id}::text,
      'table_oid', ${database.contactsOid}::bigint, 'table_schema', 'public', 'table_name', 'contacts',
      'row_key', jsonb_build_object('id', landed.id), 'fields', ${record.rescuedText}::text,
      'open_fields', ${JSON.stringify(['"mail"'])}::text::jsonb, 'shape', ${JSON.stringify(record.shape)}::text)))
    from landed`;
  const [rescue] = await postgresHealingLedger(database.admin.sql).listRescued();
  assert.deepEqual([rescue?.openKeys, rescue?.rescuedText], [["mail"], '{"mail":"x"}']);
});

Deno.test("a heal is undone once, however many try", async () => {
  await using database = await healingDatabase();
  const ledger = postgresHealingLedger(database.admin.sql);
  const heal = healRecord(database);
  await ledger.recordHeals([heal, heal].slice(0, 1));
  await ledger.recordHeals([heal]); // Told again: recorded once.
  const tries = await Promise.all(Array.from({ length: 8 }, (_, n) => ledger.markUndone(heal.id, { by: `op${n}` })));
  assert.equal(tries.filter((isFirst) => isFirst).length, 1);
  const [undone, ...more] = await ledger.listHeals();
  assert.deepEqual([undone?.undone?.by, more.length], [`op${tries.indexOf(true)}`, 0]);
  assert.equal(await ledger.markUndone(crypto.randomUUID(), { by: "op" }), false);
});

Deno.test("a rescue ahead of its write waits until the row is said to be there", async () => {
  await using database = await healingDatabase();
  const ledger = postgresHealingLedger(database.admin.sql);
  const { rowKey: _, ...ahead } = rescueRecord(database, 0, { mail: "x" });
  const failed = { ...ahead, id: crypto.randomUUID() };
  await ledger.rescueAhead([{ ...ahead, writer: { role: "authenticated", claims: { sub: "s" } } }, failed]);
  assert.equal((await ledger.listRescued({ isUnconfirmed: true })).length, 2);
  assert.deepEqual(await ledger.takeForReplay({ tableOid: database.contactsOid, key: "mail" }), []);
  assert.deepEqual([await ledger.dropUnlanded(failed.id), await ledger.dropUnlanded(failed.id)], [true, false]);
  const confirmed = [await ledger.confirmLanded(ahead.id, { id: 5 }), await ledger.confirmLanded(ahead.id, { id: 6 })];
  assert.deepEqual([...confirmed, await ledger.dropUnlanded(ahead.id)], [true, false, false]);
  const [rescue] = await ledger.takeForReplay({ tableOid: database.contactsOid, key: "mail" });
  assert.deepEqual([rescue?.rowKey, rescue?.writer], [{ id: "5" }, { role: "authenticated", claims: { sub: "s" } }]);
});

Deno.test("dead letters keep a payload to the byte, are taken by one transaction each, and are settled once", async () => {
  await using database = await healingDatabase();
  const ledger = postgresHealingLedger(database.admin.sql);
  const text = '{"b" : 1.50, "a":"\\u0000\\ud800", "b2":123456789012345678901234567890}';
  const letters = Array.from({ length: 6 }, () => ({
    id: crypto.randomUUID(),
    table: { oid: database.contactsOid, schema: "public", name: "contacts" },
    operation: "insert" as const,
    payload: text,
    errorCode: "22003",
    errorFields: { column: "hue" },
  }));
  await database.as(ann).transaction((sql) => postgresHealingLedger(sql).keepDeadLetters(letters));
  const [kept] = await ledger.listDeadLetters();
  assert.deepEqual([kept?.payload, kept?.attempts, kept?.writer.role], [text, 1, "authenticated"]);

  const take = (limit: number) =>
    database.admin.transaction(async (sql) => {
      const own = postgresHealingLedger(sql);
      const taken = await own.takeDeadLetters({ limit });
      await sql`select pg_sleep(0.05)`; // Both hold theirs at the same time.
      for (const { id } of taken) assert.equal(await own.settle(id, "landed", "test"), true);
      return taken.map(({ id }) => id);
    });
  const [one, two] = await Promise.all([take(3), take(3)]);
  assert.deepEqual(new Set([...one!, ...two!]).size, 6);
  assert.deepEqual(await ledger.takeDeadLetters(), []);
  assert.equal(await ledger.settle(letters[0]!.id, "discarded"), false);
  await ledger.markTried(letters[0]!.id, "23502");
  const [settled] = await ledger.listDeadLetters({ ids: [letters[0]!.id] });
  assert.deepEqual([settled?.settled?.outcome, settled?.errorCode, settled?.attempts], ["landed", "22003", 1]);
});
