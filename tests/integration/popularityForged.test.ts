import assert from "node:assert/strict";
import { eventOf, session, type ShopFixture, shopFixture } from "./personalizationFixture.ts";

const day = 86_400_000;
const daysAgo = (days: number) => new Date(Date.now() - days * day).toISOString();

/** Counts the last 31 days anew and gives how wanted products are by then. */
async function popularities({ sql }: ShopFixture) {
  await sql`
    select personalization.count_product_day((now() at time zone 'utc')::date - n, now() + interval '1 second')
    from generate_series(0, 31) n`;
  await sql`select personalization.rank_products(now() + interval '1 second', 60)`;
  const rows = await sql<{ product_id: string; popularity: number; trend: number }[]>`
    select product_id, popularity, trend from personalization.product_popularity`;
  return new Map(rows.map(({ product_id, ...wanted }) => [product_id, wanted]));
}

async function bought(shop: ShopFixture, shoppers: number, product: string): Promise<void> {
  for (let no = 0; no < shoppers; no++) await shop.track(await shop.user(), eventOf(product, { type: "purchase" }));
}

Deno.test("one session makes no product popular, whatever days and places it tells of", async () => {
  await using shop = await shopFixture();
  const { oat, chili } = shop.milk;
  await shop.sql`
    insert into personalization.position_propensities (position, propensity, views, clicks) values (40, 0.05, 100, 5)`;
  await bought(shop, 10, oat);
  const eve = session();
  for (const type of ["click", "add_to_cart", "purchase"] as const) {
    const events = Array.from(
      { length: 29 },
      (_, no) => eventOf(chili, { type, occurredAt: daysAgo(no + 0.01), listId: crypto.randomUUID(), position: 40 }),
    );
    await shop.track(eve, ...events);
  }
  const wanted = await popularities(shop);
  assert.ok(wanted.get(chili)!.popularity < 0.6 * wanted.get(oat)!.popularity, JSON.stringify([...wanted]));
  assert.ok(wanted.get(chili)!.trend < 0.6 && wanted.get(chili)!.trend < wanted.get(oat)!.trend);
});

Deno.test("a hundred made-up sessions say less than twenty users", async () => {
  await using shop = await shopFixture();
  const { oat, chili } = shop.milk;
  await bought(shop, 20, oat);
  for (let no = 0; no < 100; no++) await shop.track(session(), eventOf(chili, { type: "purchase" }));
  const wanted = await popularities(shop);
  assert.ok(wanted.get(chili)!.popularity < wanted.get(oat)!.popularity, JSON.stringify([...wanted]));
  assert.ok(wanted.get(chili)!.popularity > 0.5, "and they are heard");
});

Deno.test("what was never bought does not come back, and who opted out or is doubted is not counted", async () => {
  await using shop = await shopFixture();
  const { oat, soy, chili } = shop.milk;
  await bought(shop, 5, oat);
  const before = (await popularities(shop)).get(oat)!;
  for (let no = 0; no < 10; no++) await shop.track(session(), eventOf(oat, { type: "returned" }));
  const [ada, eve] = [session(), session()];
  await shop.track(ada, eventOf(soy, { type: "purchase" }));
  await shop.track(eve, eventOf(chili, { type: "purchase" }));
  await shop.sql`
    update personalization.subjects set opted_out_at = now() where id = personalization.session_subject(${ada.sessionKey})`;
  await shop.sql`
    update personalization.subjects set is_doubted = true where id = personalization.session_subject(${eve.sessionKey})`;
  const wanted = await popularities(shop);
  assert.deepEqual(wanted.get(oat), before);
  assert.deepEqual([wanted.get(soy), wanted.get(chili)], [undefined, undefined]);
  // Who did buy it is heard.
  const bob = await shop.user();
  await shop.track(bob, eventOf(oat, { type: "purchase", occurredAt: daysAgo(0.001) }));
  const more = (await popularities(shop)).get(oat)!;
  await shop.track(bob, eventOf(oat, { type: "returned" }));
  assert.ok((await popularities(shop)).get(oat)!.popularity < more.popularity);
});
