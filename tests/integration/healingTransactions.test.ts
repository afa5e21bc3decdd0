import assert from "node:assert/strict";
import { postgresTransactionLog } from "../../supabase/functions/_shared/healing/ledger/postgresTransactionLog.ts";
import { addContact, ann, eve, type HealingDatabase, healingDatabase } from "./healingFixture.ts";

const key = { scope: "checkout", key: "k-1" };
const hash = (letter: string) => letter.repeat(64);

/** One keyed transaction, as a wrapper would run it. */
async function keyed(database: HealingDatabase, caller = ann, requestHash = hash("a")) {
  return await database.as(caller).transaction(async (sql) => {
    const log = postgresTransactionLog(sql);
    const claim = await log.claim(key, { requestHash });
    if (claim.kind !== "run") return claim;
    const id = await addContact(sql);
    await log.finish(key, `{"id" : ${id}.0}`);
    return claim;
  });
}

Deno.test("run at once by many, a keyed transaction has its effect once, and the others get its result", async () => {
  await using database = await healingDatabase(6);
  const claims = await Promise.all(Array.from({ length: 12 }, () => keyed(database)));
  const [ran, ...more] = claims.filter(({ kind }) => kind === "run");
  assert.deepEqual([ran?.kind, more.length], ["run", 0]);
  const done = claims.filter(({ kind }) => kind === "done");
  assert.equal(done.length, 11);
  for (const claim of done) {
    assert.deepEqual(claim, { kind: "done", result: '{"id" : 1.0}', xid: ran?.kind === "run" ? ran.xid : "" });
  }
  assert.equal((await database.sql`select from public.contacts`).length, 1);
});

Deno.test("a rolled back transaction leaves its key free", async () => {
  await using database = await healingDatabase();
  await assert.rejects(
    database.as(ann).transaction(async (sql) => {
      await postgresTransactionLog(sql).claim(key);
      throw new Error("no");
    }),
  );
  assert.equal((await keyed(database)).kind, "run");
});

Deno.test("nobody is told the result of somebody else's key, nor of another request under one's own", async () => {
  await using database = await healingDatabase();
  await keyed(database);
  assert.equal((await keyed(database, eve)).kind, "run");
  assert.deepEqual(await keyed(database, ann, hash("b")), { kind: "reused" });
});

Deno.test("a key that has expired is free, and purged", async () => {
  await using database = await healingDatabase();
  await keyed(database);
  await database.sql`
    update resilience.transaction_logs set created_at = now() - interval '2 days', expires_at = now() - interval '1 day'`;
  assert.equal((await keyed(database)).kind, "run");
  await database.sql`
    update resilience.transaction_logs set created_at = now() - interval '2 days', expires_at = now() - interval '1 day'`;
  const [purged] = await database.sql`select resilience.purge_transaction_logs() as rows`;
  assert.equal(purged?.["rows"], 1);
});

Deno.test("the id of a transaction tells its fate after the connection is gone", async () => {
  await using database = await healingDatabase();
  const log = postgresTransactionLog(database.admin.sql);
  let aborted = "";
  const committed = await database.as(ann).transaction(async (sql) => {
    const xid = await postgresTransactionLog(sql).currentXid();
    assert.equal(await log.fateOf(xid), "in progress");
    return xid;
  });
  await assert.rejects(
    database.as(ann).transaction(async (sql) => {
      aborted = await postgresTransactionLog(sql).currentXid();
      throw new Error("no");
    }),
  );
  assert.deepEqual([await log.fateOf(committed), await log.fateOf(aborted)], ["committed", "aborted"]);
  assert.equal(await log.fateOf("3"), "unknown");
});

Deno.test("only the transaction that claimed a key can finish it", async () => {
  await using database = await healingDatabase();
  await keyed(database);
  await assert.rejects(
    database.as(ann).transaction((sql) => postgresTransactionLog(sql).finish(key, "null")),
    /this transaction has not claimed it/,
  );
});
