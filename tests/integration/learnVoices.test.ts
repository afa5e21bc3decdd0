import assert from "node:assert/strict";
import { addProduct, addVendor } from "../harness/marketOf.ts";
import { eventOf, session, shopFixture } from "./personalizationFixture.ts";

Deno.test("seven made-up sessions are no segment's taste and teach the model no product; three users are, without who opted out", async () => {
  await using shop = await shopFixture();
  const { sql } = shop;
  const { oat, soy, chili, whole } = shop.milk;
  for (let no = 0; no < 7; no++) await shop.track(session(), eventOf(chili), eventOf(whole));
  const users = [await shop.user(), await shop.user(), await shop.user()];
  for (const user of users) await shop.track(user, eventOf(oat), eventOf(soy));
  await sql`
    insert into personalization.segments (subject_id, behaviour, since, review_at)
    select id, 'new', now(), now() from personalization.subjects`;
  const learn = async () => {
    await sql`select personalization.learn_favourites('everyone', now() + interval '1 second', 3)`;
    const [opened] = await sql`select recommendations.open_model('{}', now()) as version`;
    await sql`select recommendations.gather_model_items(${opened!.version}, now() + interval '1 second', 30, 100)`;
    await sql`
      select recommendations.gather_model_histories(${opened!.version}, array(select id from personalization.subjects),
        now() + interval '1 second', 30, 100, 0)`;
    const favourites = await sql<{ product_id: string }[]>`select product_id from personalization.segment_favourites`;
    const items = await sql<{ product_id: string }[]>`select product_id from recommendations.model_items`;
    const [histories] = await sql`select count(*)::integer as count from recommendations.model_histories`;
    return {
      favourites: new Set(favourites.map(({ product_id }) => product_id)),
      items: new Set(items.map(({ product_id }) => product_id)),
      histories: histories!.count,
    };
  };
  assert.deepEqual(await learn(), { favourites: new Set([oat, soy]), items: new Set([oat, soy]), histories: 3 });
  await sql`update personalization.subjects set opted_out_at = now() where id = ${users[0]!.id}`;
  assert.deepEqual(await learn(), { favourites: new Set(), items: new Set([oat, soy]), histories: 2 });
  await sql`update personalization.subjects set opted_out_at = now() where id = ${users[1]!.id}`;
  assert.equal((await learn()).items.size, 0);
});

Deno.test("a vendor who weighs clicks tenfold is no favourite of others for it, and no tenfold tie of the model", async () => {
  await using shop = await shopFixture();
  const { sql } = shop;
  const other = await addVendor(sql);
  const loud = await addProduct(sql, { vendorId: other, categoryId: shop.categoryId, name: "Rice Milk" });
  await sql`insert into personalization.signal_weights_now (vendor_id, signal, weight) values (${other}, 'click', 2)`;
  for (let no = 0; no < 3; no++) await shop.track(await shop.user(), eventOf(shop.milk.oat), eventOf(loud));
  await sql`
    insert into personalization.segments (subject_id, behaviour, since, review_at)
    select id, 'new', now(), now() from personalization.subjects`;
  await sql`select personalization.learn_favourites('everyone', now() + interval '1 second', 3)`;
  const scores = await sql<{ score: number }[]>`select distinct score from personalization.segment_favourites`;
  assert.deepEqual(scores.map(({ score }) => Math.round(score * 100) / 100), [0.6]);
  const [opened] = await sql`select recommendations.open_model('{}', now()) as version`;
  await sql`select recommendations.gather_model_items(${opened!.version}, now() + interval '1 second', 30, 100)`;
  await sql`
    select recommendations.gather_model_histories(${opened!.version}, array(select id from personalization.subjects),
      now() + interval '1 second', 30, 100, 0)`;
  const weights = await sql`
    select distinct weights = float4send(0.2) || float4send(0.2) as is_same from recommendations.model_histories`;
  assert.deepEqual(weights.map(({ is_same }) => is_same), [true]);
});
