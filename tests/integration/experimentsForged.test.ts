import assert from "node:assert/strict";
import { eventOf, session, shopFixture } from "./personalizationFixture.ts";

Deno.test("doubted sessions neither win an experiment nor lose it", async () => {
  await using shop = await shopFixture();
  const { sql } = shop;
  const { oat } = shop.milk;
  const [{ id }] = await sql<[{ id: string }]>`
    with treatment as (
      insert into search.rankings (relevance, personal, recency, popularity, season, created_by)
      values (0.5, 0.2, 0.1, 0.1, 0.1, 'test') returning version
    )
    insert into search.experiments (name, control_version, treatment_version, starts_at, ends_at)
    select 'Words first', (select min(version) from search.rankings), version, now() - interval '1 hour', now() + interval '1 day'
    from treatment returning id`;
  const buy = async (arm: string) => {
    const [shopper, listId] = [session(), crypto.randomUUID()];
    await shop.track(shopper, eventOf(oat, { type: "impression" }));
    await sql`
      insert into personalization.shown_lists (id, subject_id, source, kind, query, product_ids, made_by)
      values (${listId}, personalization.session_subject(${shopper.sessionKey}), 'search', 'search', 'milk', ${[oat]},
        ${sql.json({ experiment: id, arm })})`;
    await shop.track(shopper, eventOf(oat, { type: "purchase", listId }));
    return shopper.sessionKey;
  };
  await buy("control");
  for (const key of [await buy("treatment"), await buy("treatment")]) {
    await sql`
      update personalization.subjects set is_doubted = true where id = personalization.session_subject(${key})`;
  }
  const [row] = await sql.begin(async (tx) => {
    await tx`select set_config('request.jwt.claims', '{"role": "service_role"}', true)`;
    return await tx<{ told: { arms: { arm: string; shoppers: number; boughtShoppers: number }[] }[] }[]>`
      select search.read_experiments(${id}, 1) as told`;
  });
  const arms = row!.told[0]!.arms.map(({ arm, shoppers, boughtShoppers }) => [arm, shoppers, boughtShoppers]);
  assert.deepEqual(arms, [["control", 1, 1], ["treatment", 0, 0]]);
});
