import assert from "node:assert/strict";
import type { NotedRows, NotedShape } from "../../supabase/functions/_shared/healing/ledger/notedRows.ts";
import { postgresHealingLedger } from "../../supabase/functions/_shared/healing/ledger/postgresHealingLedger.ts";
import { ann, type HealingDatabase, healingDatabase, healRecord } from "./healingFixture.ts";

function shapeOf({ contactsOid }: HealingDatabase, healingId: string): NotedShape {
  return {
    healingId,
    table: { oid: contactsOid, schema: "public", name: "contacts" },
    parts: [{ key: "mail\u0000\ud800", column: "email" }],
    schemaVersion: "a".repeat(64),
  };
}

const notedOf = (shape: NotedShape, ...rows: NotedRows["rows"]): NotedRows => ({
  id: crypto.randomUUID(),
  shape,
  rows,
});

Deno.test("noted rows are found by their plan and by their key, the newest first, once however often they are told", async () => {
  await using database = await healingDatabase();
  const ledger = postgresHealingLedger(database.admin.sql);
  const [plan, other] = [crypto.randomUUID(), crypto.randomUUID()];
  const shape = shapeOf(database, plan);
  const first = notedOf(shape, ['{"id":"7"}', "5:a:a"], ['{"id":"8"}', "5:b:b"]);
  await ledger.noteRows([first]);
  await ledger.noteRows([first, notedOf(shapeOf(database, other), ['{"id":"7"}', "5:c:c"])]);
  const ofPlan = await ledger.listNoted({ healingId: plan });
  assert.deepEqual(ofPlan.map(({ rowKey, shape }) => [rowKey, shape.fingerprint]), [
    [{ id: "8" }, "5:b:b"],
    [{ id: "7" }, "5:a:a"],
  ]);
  assert.deepEqual([ofPlan[0]!.shape.parts, ofPlan[0]!.schemaVersion], [shape.parts, shape.schemaVersion]);
  const tableOid = database.contactsOid;
  for (const id of [7, 7n, "7"]) {
    const ofRow = await ledger.listNoted({ tableOid, rowKey: { id } });
    assert.deepEqual(ofRow.map(({ healingId, table }) => [healingId, table]), [[other, shape.table], [
      plan,
      shape.table,
    ]]);
  }
  assert.deepEqual(await ledger.listNoted({ tableOid, rowKey: { id: 77 } }), []);
  assert.deepEqual(await ledger.listNoted({ tableOid: tableOid + 1, rowKey: { id: 7 } }), []);
  assert.equal((await ledger.listNoted({ healingId: plan, limit: 1 })).length, 1);
});

Deno.test("each noted row of a plan gets a record of its own, which says the same", async () => {
  await using database = await healingDatabase();
  const ledger = postgresHealingLedger(database.admin.sql);
  const heal = healRecord(database);
  await ledger.recordHeals([heal]);
  const [shape, other] = [shapeOf(database, heal.id), shapeOf(database, crypto.randomUUID())];
  await ledger.noteRows([
    notedOf(shape, ['{"id":"1"}', "5:a:a"], ['{"id":"2"}', "5:b:b"]),
    notedOf(shape, ['{"id":"3"}', "5:c:c"]),
    notedOf(other, ['{"id":"1"}', "5:d:d"]),
  ]);
  const noted = await ledger.listNoted({ healingId: heal.id });
  await ledger.unpackNoted(heal.id);
  const records = await ledger.listRescued({ healingIds: [heal.id] });
  const told = (rows: readonly { rowKey?: unknown; shape: unknown; schemaVersion?: string }[]) =>
    rows.map(({ rowKey, shape, schemaVersion }) => JSON.stringify([rowKey, shape, schemaVersion])).sort();
  assert.deepEqual(told(records), told(noted));
  assert.ok(records.every(({ openKeys, landedAt }) => openKeys.length === 0 && landedAt !== undefined));
  assert.deepEqual(await ledger.listNoted({ healingId: heal.id }), []);
  assert.equal((await ledger.listNoted({ healingId: other.healingId })).length, 1);
});

Deno.test("a caller can note nothing", async () => {
  await using database = await healingDatabase();
  const noted = notedOf(shapeOf(database, crypto.randomUUID()), ['{"id":"1"}', "5:a:a"]);
  const denied = { code: "42501" };
  await assert.rejects(postgresHealingLedger(database.as(ann).sql).noteRows([noted]), denied);
  await assert.rejects(postgresHealingLedger(database.as(ann).sql).unpackNoted(noted.shape.healingId), denied);
});
