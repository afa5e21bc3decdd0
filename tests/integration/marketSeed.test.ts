import assert from "node:assert/strict";
import { plantedTaste } from "../../local/demo/demoTastes.ts";
import { seedMarket } from "../../local/demo/seedMarket.ts";
import { testDatabase } from "../harness/testDatabase.ts";

const options = { vendors: 4, products: 200, shoppers: 40, days: 40, seed: 3, untilMs: Date.UTC(2026, 8, 1) };

async function seeded(seed: number) {
  await using database = await testDatabase();
  const { sql } = database;
  const market = await seedMarket(sql, { ...options, seed });
  const [sums] = await sql`
    select (select md5(string_agg(id || sku || name || price || stock, ',' order by id)) from public.products) as products,
      (select md5(string_agg(event_id || signal || subject_id || product_id || occurred_at::text, ',' order by event_id))
        from personalization.interactions) as events,
      (select md5(string_agg(order_id || product_id::text || quantity, ',' order by order_id, product_id)) from public.order_items)
        as orders`;
  const [odd] = await sql`
    select (select count(*)::int from public.orders o where o.total <>
        (select sum(i.quantity * i.unit_price) from public.order_items i where i.order_id = o.id)) as wrong_totals,
      (select count(*)::int from personalization.interactions i
        where not exists (select 1 from personalization.event_keys k where k.event_id = i.event_id)) as uncounted,
      (select count(*)::int from public.products p
        where not exists (select 1 from personalization.product_traits t where t.product_id = p.id)) as undescribed`;
  const scores = await sql<{ subject_id: string; trait: string; score: number }[]>`
    select s.id as subject_id, p.trait, p.score from personalization.subjects s,
      personalization.read_profile(s.id, ${new Date(options.untilMs).toISOString()}, 300) p`;
  return { market, sums, odd, scores };
}

Deno.test("the same seed makes the same market, in which planted tastes are learned", async () => {
  const [one, again, other] = [await seeded(3), await seeded(3), await seeded(4)];
  assert.deepEqual(again.sums, one.sums);
  for (const sum of ["products", "events", "orders"]) assert.notEqual(other.sums![sum], one.sums![sum], sum);
  assert.deepEqual(one.odd, { wrong_totals: 0, uncounted: 0, undescribed: 0 });

  /** What was learned of a trait, on average over the shoppers of a taste. */
  const learned = (name: string, trait: string) => {
    const ids = Array.from({ length: options.shoppers }, (_, index) => index)
      .filter((index) => plantedTaste(3, index).name === name).map((index) => one.market.shopperId(index));
    assert.ok(ids.length > 0, name);
    const found = one.scores.filter((row) => row.trait === trait && ids.includes(row.subject_id));
    return found.reduce((sum, { score }) => sum + score, 0) / ids.length;
  };
  assert.ok(learned("plant-based", "attribute:plant-based") > learned("bargain", "attribute:plant-based"));
  assert.ok(learned("heat-seeker", "attribute:spicy") > learned("spicy-averse", "attribute:spicy") + 0.2);
});

Deno.test("planted moments are learned: what is for breakfast, for the rain and for hot days", async () => {
  await using database = await testDatabase();
  const { sql } = database;
  const until = new Date(options.untilMs).toISOString();
  await seedMarket(sql, { ...options, shoppers: 80, interactions: 9_000 });
  await sql`
    insert into personalization.segments (subject_id, behaviour, since, review_at)
    select id, 'regular', ${until}, ${until} from personalization.subjects`;
  await sql`select personalization.learn_moments(array(select id from personalization.subjects), ${until}, 90)`;
  await sql`select personalization.learn_segment_moments(${until}, 3)`;
  const strongest = async (moment: string, count: number) => {
    const rows = await sql<{ slug: string }[]>`
      select c.slug from personalization.segment_moment_patterns m join public.categories c on c.id = m.category_id
      where m.segment = 'everyone' and m.moment = ${moment} order by m.pull desc limit ${count}`;
    return rows.map(({ slug }) => slug).sort();
  };
  assert.deepEqual(await strongest("meal:breakfast", 2), ["bread", "milk"]);
  assert.deepEqual(await strongest("weather:rainy", 1), ["chocolate"]);
  assert.deepEqual(await strongest("weather:hot", 2), ["juice", "water"]);
});
