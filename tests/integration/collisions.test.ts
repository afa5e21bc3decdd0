import assert from "node:assert/strict";
import { importCatalog } from "../../supabase/functions/_domains/commerce/importCatalog.ts";
import { mergeProfile } from "../../supabase/functions/_domains/personalization/mergeProfile.ts";
import { forgetPreferences } from "../../supabase/functions/_domains/personalization/forgetPreferences.ts";
import { addMember } from "../harness/marketOf.ts";
import { eventOf, session, type ShopFixture, shopFixture } from "./personalizationFixture.ts";

/** How many times Postgres had to end one of two that waited for each other. */
async function deadlocks({ sql }: ShopFixture): Promise<number> {
  await sql`select pg_stat_force_next_flush()`;
  const [row] = await sql`select deadlocks::integer from pg_stat_database where datname = current_database()`;
  return row!.deadlocks;
}

Deno.test("a session that two users claim at once while it tracks is one user's, and nobody waits crosswise", async () => {
  await using shop = await shopFixture();
  for (let round = 0; round < 15; round++) {
    const [ada, eve, shared, other] = [await shop.user(), await shop.user(), session(), session()];
    await shop.track(shared, eventOf(shop.milk.oat));
    await shop.track(other, eventOf(shop.milk.soy));
    const merge = (user: typeof ada, { sessionKey }: typeof shared) =>
      mergeProfile(undefined, shop.ctx({ ...user, sessionKey }));
    const claims = await Promise.allSettled([
      merge(ada, shared),
      merge(eve, shared),
      merge(ada, other),
      merge(ada, shared),
    ]);
    await Promise.all([
      shop.track(shared, eventOf(shop.milk.chili)),
      shop.track(ada, eventOf(shop.milk.whole)),
      forgetPreferences({}, shop.ctx(ada)),
      shop.sql`delete from auth.users where id = ${ada.id}`,
      merge(ada, shared).catch(() => {}),
      merge(ada, other).catch(() => {}),
    ]);
    assert.equal(claims.filter(({ status }) => status === "rejected").length >= 1, true);
    const left = await shop.sql`
      select i.event_id from personalization.interactions i left join personalization.subjects s on s.id = i.subject_id
      where i.subject_id = ${ada.id} or s.merged_into is not null or s.id is null`;
    assert.equal(left.length, 0, "what was the account's is gone with it, and what is over has nothing");
  }
  assert.equal(await deadlocks(shop), 0);
});

Deno.test("two imports of one catalog in opposite orders wait for each other in turn", async () => {
  await using shop = await shopFixture();
  const ada = await shop.user();
  await addMember(shop.sql, shop.vendorId, ada.id);
  const rows = (price: number) =>
    Array.from({ length: 1_000 }, (_, no) => ({ sku: `S-${no}`, name: `Milk ${no}`, category: "milk", price }));
  const take = (some: ReturnType<typeof rows>) =>
    importCatalog({ vendorId: shop.vendorId, rows: some, dryRun: false }, shop.ctx(ada));
  await take(rows(1));
  for (let round = 0; round < 4; round++) {
    const answers = await Promise.all([
      take(rows(2 + round)),
      take(rows(20 + round).reverse()),
      take(rows(40 + round)),
    ]);
    for (const { totals } of answers) assert.equal(totals.rejected, 0);
  }
  assert.equal(await deadlocks(shop), 0);
});
