import assert from "node:assert/strict";
import { postgresHealingLedger } from "../../supabase/functions/_shared/healing/ledger/postgresHealingLedger.ts";
import { postgresTransactionLog } from "../../supabase/functions/_shared/healing/ledger/postgresTransactionLog.ts";
import { replayRescued } from "../../supabase/functions/_shared/healing/ledger/replayRescued.ts";
import { learnOutcomes } from "../../supabase/functions/_shared/healing/patterns/learnOutcomes.ts";
import { postgresPatternStore } from "../../supabase/functions/_shared/healing/patterns/postgresPatternStore.ts";
import { schemaHash } from "../../supabase/functions/_shared/healing/patterns/testing/patternFixture.ts";
import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import { callerDatabase } from "../../supabase/functions/_shared/db/callerDatabase.ts";
import { client } from "./dbFixture.ts";
import { findPgbouncer, startPgbouncer } from "./connectPgbouncer.ts";
import { addContact, ann, healingDatabase, rescueRecord } from "./healingFixture.ts";

const pgbouncer = await findPgbouncer();
const skipped = pgbouncer === undefined ? " (SKIPPED: pgbouncer is not installed, 'apt-get install pgbouncer')" : "";

Deno.test({
  name: `rescue, replay, patterns and keyed transactions work behind a real transaction pooler${skipped}`,
  ignore: pgbouncer === undefined,
  async fn() {
    await using database = await healingDatabase();
    await using pooler = await startPgbouncer(pgbouncer!, database.url);
    await using pooled = client(pooler.url, { isPooled: true, poolSize: 4 });
    const admin = adminDatabase(pooled);
    const caller = callerDatabase(pooled, ann);

    const runs = await Promise.all(Array.from({ length: 20 }, (_, n) =>
      caller.transaction(async (sql) => {
        const key = { scope: "s", key: `k${n % 10}` };
        const claim = await postgresTransactionLog(sql).claim(key);
        if (claim.kind !== "run") return claim.kind;
        const id = await addContact(sql);
        await postgresHealingLedger(sql).rescue([rescueRecord(database, id, { mail: `m${n % 10}` })]);
        await postgresTransactionLog(sql).finish(key, null);
        return claim.kind;
      })));
    assert.deepEqual([runs.filter((kind) => kind === "run").length, runs.length], [10, 20]);

    const [column] = await database.sql<{ attnum: number }[]>`
      select attnum from pg_attribute where attrelid = ${database.contactsOid} and attname = 'email'`;
    const order = {
      tableOid: database.contactsOid,
      key: "mail",
      target: { attnum: column!.attnum, column: "email" },
      limit: 3,
    };
    const moved = await Promise.all(Array.from({ length: 6 }, () => replayRescued(admin, order)));
    moved.push(await replayRescued(admin, { ...order, limit: 100 }));
    assert.equal(moved.flatMap((round) => round.moved).length, 10);
    const emails = await database.sql`select email from public.contacts order by email`;
    assert.deepEqual(emails.map((row) => row["email"]), Array.from({ length: 10 }, (_, n) => `m${n}`));

    const store = postgresPatternStore(admin.sql);
    const [pattern] = await store.propose([{
      tableOid: database.contactsOid,
      tableSchema: "public",
      tableName: "contacts",
      key: "mail",
      targetAttnum: column!.attnum,
      targetColumn: "email",
      strategy: "matcher",
      coercion: null,
      schemaHash,
    }]);
    const told = [{ patternId: pattern!.id, successes: 4, failures: 0 }];
    const learned = await Promise.all(Array.from({ length: 8 }, () => learnOutcomes(store, told)));
    assert.deepEqual(learned.flat().map(({ state }) => state.kind), ["active"]);
    assert.deepEqual((await store.find(pattern!.id))?.outcomes, { successes: 32, failures: 0 });
  },
});
