import assert from "node:assert/strict";
import type postgres from "postgres";
import { waitUntil } from "../../local/database/waitUntil.ts";
import { testDatabase } from "../harness/testDatabase.ts";
import { idOf, stockMarket } from "./recommendationsFixture.ts";

Deno.test("what products are known to be, and where they are placed, holds whatever comes when", async () => {
  await using database = await testDatabase();
  const { sql } = database;
  await stockMarket(sql, [{ name: "Volcano Sauce", category: "sauces/dips", vendor: "alm" }]);
  const product = idOf("product", "Volcano Sauce");

  await sql`insert into personalization.attribute_rules (pattern, attribute) values ('volcano', 'spicy')`;
  await sql`select personalization.describe_products(${[product]}::uuid[])`;
  const [document] = await sql`select attributes from search.documents where product_id = ${product}`;
  assert.deepEqual(document!.attributes, ["spicy"], "a rule that came later reaches what is searched");

  const put = async (transaction: postgres.TransactionSql) => {
    await transaction`select set_config('request.jwt.claims', '{"role":"service_role"}', true)`;
    const pin = { productId: product, query: "sauce", action: "pin" };
    await transaction`select search.put_pin(null, ${sql.json(pin)}, 'a test')`;
  };
  const first = Promise.withResolvers<void>();
  const isSecondHere = async () =>
    (await sql`
      select from pg_locks l join pg_stat_activity a using (pid)
      where l.locktype = 'advisory' and not l.granted and a.datname = current_database()`).length > 0;
  const holding = sql.begin(async (transaction) => {
    await put(transaction);
    first.resolve();
    assert.ok(await waitUntil(isSecondHere, { timeoutMs: 5_000 }), "the second waits for the first");
  });
  await first.promise;
  await Promise.all([holding, sql.begin(put)]);
  assert.equal((await sql`select from search.pins`).length, 1);
});
