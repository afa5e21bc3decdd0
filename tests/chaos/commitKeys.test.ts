import assert from "node:assert/strict";
import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import { runTransaction } from "../../supabase/functions/_shared/healing/transaction/runTransaction.ts";
import { client } from "../integration/dbFixture.ts";
import { pay, paymentsDatabase } from "./commitFixture.ts";

Deno.test("called by many at once under one key, the work has its effect once, and all get the same result", async () => {
  await using database = await paymentsDatabase();
  await using made = client(database.url, { poolSize: 8 });
  for (const isolation of ["read committed", "serializable"] as const) {
    const options = { idempotencyKey: isolation.replace(" ", "-"), isolation, maxAttempts: 20 };
    const outcomes = await Promise.all(
      Array.from({ length: 16 }, () =>
        runTransaction(
          adminDatabase(made),
          async (sql) => ({ ...await pay(sql, isolation), at: new Date(0) }),
          options,
        )),
    );
    assert.equal(outcomes.filter(({ isReplay }) => !isReplay).length, 1);
    for (const { result } of outcomes) assert.deepEqual(result, outcomes[0]!.result);
    const rows = await database.sql`select id::text from public.payments where name = ${isolation}`;
    assert.deepEqual(rows.map((row) => row["id"]), [outcomes[0]!.result.id]);
  }
});

Deno.test("a key is refused to another request, and free again after a failure", async () => {
  await using database = await paymentsDatabase();
  await using made = client(database.url);
  const db = adminDatabase(made);
  const key = { idempotencyKey: "k", requestHash: "a".repeat(64) };
  await assert.rejects(
    runTransaction(db, async (sql) => {
      await pay(sql, "first");
      throw new Error("no");
    }, key),
    { message: "no" },
  );
  await assert.rejects(runTransaction(db, async (sql) => [await pay(sql, "second"), 1n], key), TypeError);
  assert.equal((await runTransaction(db, (sql) => pay(sql, "third"), key)).isReplay, false);
  await assert.rejects(runTransaction(db, (sql) => pay(sql, "fourth"), { ...key, requestHash: "b".repeat(64) }), {
    code: "idempotency_key_reused",
  });
  assert.deepEqual([...await database.sql`select name from public.payments`], [{ name: "third" }]);
});
