import assert from "node:assert/strict";
import { patchWeights, PatchWeightsInput } from "../../supabase/functions/_domains/personalization/patchWeights.ts";
import { readWeights } from "../../supabase/functions/_domains/personalization/readWeights.ts";
import type { Caller } from "../../supabase/functions/_shared/http/caller.ts";
import { addCategory, addMember, addProduct, addVendor } from "../harness/marketOf.ts";
import { eventOf, session, shopFixture } from "./personalizationFixture.ts";

const operator: Caller = { kind: "secret", keyName: "default", clientAddress: "127.0.0.1" };

Deno.test("weights are versioned, a vendor's hold for its own products, and nobody else sets them", async () => {
  await using shop = await shopFixture();
  const [ada, eve] = [await shop.user(), await shop.user()];
  await addMember(shop.sql, shop.vendorId, ada.id);
  const otherVendor = await addVendor(shop.sql);
  const elsewhere = await addProduct(shop.sql, {
    vendorId: otherVendor,
    categoryId: await addCategory(shop.sql, "milk"),
  });
  const change = (caller: Caller, input: Record<string, unknown>) =>
    patchWeights(PatchWeightsInput.parse(input), { db: shop.dbs.as(caller), caller });
  const own = { vendorId: shop.vendorId };

  assert.deepEqual(
    (await change(ada.caller, { ...own, weights: { click: 1.5 }, note: "clicks are rare here" })).weights,
    {
      click: 1.5,
    },
  );
  const strengthOf = async (productId: string) => {
    const event = eventOf(productId);
    await shop.track(session(), event);
    const [row] = await shop.sql`select strength from personalization.interactions where event_id = ${event.eventId}`;
    return row!.strength;
  };
  assert.deepEqual([await strengthOf(shop.milk.oat), await strengthOf(elsewhere)], [1.5, 0.2]);
  await change(operator, { weights: { click: 0.3 } });
  assert.deepEqual([await strengthOf(shop.milk.oat), await strengthOf(elsewhere)], [1.5, 0.3]);

  await change(ada.caller, { ...own, weights: { purchase: 2 }, version: 1 });
  await assert.rejects(change(ada.caller, { ...own, weights: { purchase: 1 }, version: 1 }), { code: "BL409" });
  await change(ada.caller, { ...own, revertTo: 1 });
  const read = await readWeights(own, { db: shop.dbs.as(ada.caller) });
  assert.deepEqual(read.versions.map(({ version, weights, changedBy }) => [version, weights, changedBy]), [
    [3, { click: 1.5 }, `user:${ada.id}`],
    [2, { click: 1.5, purchase: 2 }, `user:${ada.id}`],
    [1, { click: 1.5 }, `user:${ada.id}`],
  ]);
  assert.deepEqual([read.effective["click"], read.effective["purchase"]], [1.5, 0.8]);
  await change(ada.caller, { ...own, revertTo: 0 });
  assert.equal(await strengthOf(shop.milk.oat), 0.3);

  for (const weights of [{ click: -0.1 }, { returned: 0.5 }, { impression: 0.5 }]) {
    await assert.rejects(change(operator, { weights }), { code: "BL422" }, JSON.stringify(weights));
  }
  await assert.rejects(change(eve.caller, { ...own, weights: { click: 2 } }), { code: "BL403" });
  await assert.rejects(
    change(ada.caller, { weights: { click: 2 } }),
    { code: "BL403" },
    "a vendor's member sets the market's",
  );
  await assert.rejects(change(ada.caller, { vendorId: otherVendor, weights: { click: 2 } }), { code: "BL403" });
  await assert.rejects(readWeights(own, { db: shop.dbs.as(eve.caller) }), { code: "BL403" });
  await assert.rejects(change(operator, { vendorId: crypto.randomUUID(), weights: { click: 1 } }), { code: "BL404" });
  assert.equal(await strengthOf(elsewhere), 0.3);
});
