import assert from "node:assert/strict";
import { waitUntil } from "../../local/database/waitUntil.ts";
import { bigQueryServer } from "../harness/bigQueryServer.ts";
import { addCategory, addProduct, addUser, addVendor } from "../harness/marketOf.ts";
import { testStack } from "../harness/testStack.ts";
import { userToken } from "../harness/userToken.ts";

Deno.test("what a shopper did is in the warehouse a wake-up later, and shoppers wake nothing", async () => {
  await using warehouse = await bigQueryServer();
  await using stack = await testStack({
    env: {
      BALLAST_BIGQUERY_TABLE: "shop-project.events.raw",
      BALLAST_BIGQUERY_KEY: warehouse.keyJson,
      BALLAST_BIGQUERY_URL: warehouse.url,
    },
  });
  const { sql } = stack.database;
  const productId = await addProduct(sql, {
    vendorId: await addVendor(sql),
    categoryId: await addCategory(sql, "milk"),
  });
  const userId = await addUser(sql);
  const authorization = `Bearer ${await userToken(stack.signingKey, { userId })}`;
  const shopper = { apikey: stack.publishableKey, authorization, "content-type": "application/json" };
  const eventId = crypto.randomUUID();
  const post = async (name: string, headers: HeadersInit, body: unknown) => {
    const response = await stack.call(name, { method: "POST", headers, body: JSON.stringify(body) });
    return { status: response.status, body: await response.json() };
  };
  assert.equal((await post("interactions-track", shopper, { eventId, type: "click", productId })).status, 200);
  assert.equal((await post("events-flush", shopper, {})).status, 401);
  const secret = { apikey: stack.secretKey, "content-type": "application/json" };
  assert.equal((await post("events-flush", secret, {})).body.status, "started");
  assert.ok(await waitUntil(() => Promise.resolve(warehouse.rows.has(eventId)), { timeoutMs: 10_000 }));
  const row = warehouse.rows.get(eventId)!;
  assert.deepEqual([row.signal, row.product_id], ["click", productId]);
  assert.ok(!JSON.stringify(row).includes(userId));
});
