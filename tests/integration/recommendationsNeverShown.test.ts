import assert from "node:assert/strict";
import fc from "fast-check";
import { recommendFor } from "../../supabase/functions/_domains/recommendations/recommendFor.ts";
import { recommendationKinds } from "../../supabase/functions/_domains/recommendations/recommendationRequest.ts";
import { testDatabase } from "../harness/testDatabase.ts";
import { addHabit, addShopper, idOf, recommendingFor, stockMarket, teach } from "./recommendationsFixture.ts";

const names = Array.from({ length: 24 }, (_, at) => `p${at}`);
const categories = ["dairy/milk", "dairy/yogurt", "bakery/bread", "bakery/cake", "snacks/chips"];

const rarely = fc.integer({ min: 0, max: 7 }).map((chance) => chance === 7);

/** What becomes of each product, again and again: on sale, or one of the reasons not to be shown. */
const fates = fc.array(
  fc.record({
    stock: fc.constantFrom(0, 3, 5, 6, 9),
    isHidden: rarely,
    isExpired: rarely,
    isDismissed: rarely,
    popularity: fc.integer({ min: 0, max: 10 }).map((tenths) => tenths / 10),
  }),
  { minLength: names.length, maxLength: names.length },
);

const request = fc.record({
  kind: fc.constantFrom(...recommendationKinds),
  anchor: fc.nat(names.length - 1),
  limit: fc.integer({ min: 1, max: 30 }),
  excludeBought: fc.boolean(),
  exclude: fc.subarray(names, { maxLength: 5 }),
  vendor: fc.constantFrom(undefined, undefined, "v0", "v1", "v2"),
});

Deno.test("whatever state the market is in: nothing is shown that is not on sale, refused, or bought where that is asked", async () => {
  await using database = await testDatabase();
  const { sql } = database;
  await stockMarket(
    sql,
    names.map((name, at) => ({
      name,
      category: categories[at % categories.length]!,
      vendor: `v${at % 4}`,
      attributes: at % 3 === 0 ? ["vegan"] : at % 5 === 0 ? ["spicy"] : [],
      trend: (at % 7) / 10,
      months: at % 4 === 0 ? [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] : [],
    })),
    ["v3"],
  );
  const vera = await addShopper(sql, "vera");
  await teach(sql, vera, { "attribute:vegan": 1, "attribute:spicy": -3, "category:milk": 1, "category:cake": 0.4 });
  const bought = ["p0", "p1", "p7"];
  for (const name of bought) await addHabit(sql, vera, name);
  await sql`insert into recommendations.item_models (status, activated_at) values ('active', now())`;
  await sql`insert into recommendations.neighbours (version, product_id, neighbour_ids, weights)
    select 1, p.id, array(select o.id from public.products o where o.id <> p.id), array_fill(0.5::real, array[23])
    from public.products p`;
  await sql`insert into recommendations.associations (product_id, other_id, orders, confidence, lift)
    select a.id, b.id, 3, 0.5, 2 from public.products a join public.products b on a.id <> b.id`;
  await using shop = recommendingFor(database);
  const id = (name: string) => idOf("product", name);
  let shownInAll = 0;

  await fc.assert(
    fc.asyncProperty(fates, fc.array(request, { minLength: 7, maxLength: 7 }), async (fates, requests) => {
      await sql`update public.products p set stock = f.stock, status = f.status, expires_at = f.expires_at
        from unnest(${names.map(id)}::uuid[], ${fates.map(({ stock }) => stock)}::int[],
          ${fates.map(({ isHidden }) => isHidden ? "hidden" : "active")}::text[],
          ${fates.map(({ isExpired }) => isExpired ? "2020-01-01T00:00:00Z" : "2999-01-01T00:00:00Z")}::timestamptz[])
          f(id, stock, status, expires_at) where p.id = f.id`;
      await sql`update personalization.product_popularity p set popularity = f.popularity
        from unnest(${names.map(id)}::uuid[], ${fates.map(({ popularity }) => popularity)}::real[]) f(id, popularity)
        where p.product_id = f.id`;
      await sql`delete from recommendations.dismissals`;
      const dismissed = names.filter((_, at) => fates[at]!.isDismissed);
      for (const name of dismissed) {
        await sql`insert into recommendations.dismissals (subject_id, product_id, action, list_id)
          values (${vera}, ${id(name)}, 'dismiss', gen_random_uuid())`;
      }
      for (const { anchor, exclude, vendor, ...rest } of requests) {
        const needsProduct = ["similar", "bought-together", "quantity"].includes(rest.kind);
        const asked = {
          ...rest,
          exclude: exclude.map(id),
          vendorId: vendor === undefined ? undefined : idOf("vendor", vendor),
          productIds: needsProduct ? [id(names[anchor]!)] : [],
        };
        const { items } = await recommendFor(shop.as(vera), undefined, asked).catch((error) => {
          assert.equal(error.code, "not_found");
          assert.ok(needsProduct && (fates[anchor]!.isHidden || fates[anchor]!.isExpired || anchor % 4 === 3));
          return { items: [] };
        });
        shownInAll += items.length;
        assert.ok(items.length <= rest.limit);
        assert.equal(new Set(items.map(({ product }) => product.id)).size, items.length, "twice the same");
        for (const { product: { name, vendorId, attributes }, score, reason } of items) {
          const at = names.indexOf(name);
          const { stock, isHidden, isExpired, isDismissed } = fates[at]!;
          const about = `${name} for ${JSON.stringify(asked)}`;
          assert.ok(stock > 0 && !isHidden && !isExpired && !isDismissed && at % 4 !== 3, about);
          assert.ok(!exclude.includes(name), about);
          assert.ok(!(rest.excludeBought && bought.includes(name)), about);
          assert.ok(asked.vendorId === undefined || vendorId === asked.vendorId, about);
          assert.ok(rest.kind === "quantity" || rest.kind === "reorder" || !attributes.includes("spicy"), about);
          if (needsProduct && rest.kind !== "quantity") assert.notEqual(name, names[anchor], about);
          assert.ok(score >= 0 && score <= 1 && reason.length > 0, about);
        }
      }
    }),
    { numRuns: 25 },
  );
  assert.ok(shownInAll > 100, `only ${shownInAll} products were shown in all: the test says little`);
});
