import assert from "node:assert/strict";
import { testDatabase } from "../harness/testDatabase.ts";
import { idOf, stockMarket } from "./recommendationsFixture.ts";

Deno.test("shelves say what products and their popularity say, whatever happens to them", async () => {
  await using database = await testDatabase();
  const { sql } = database;
  await stockMarket(sql, [
    { name: "Milk", category: "dairy/milk", vendor: "alm", popularity: 0.5 },
    { name: "Oats", category: "pantry/oats", vendor: "mill", popularity: 0.4, trend: -0.2 },
    { name: "Rye", category: "pantry/oats", vendor: "mill" },
  ]);
  const id = (name: string) => idOf("product", name);
  const same = async (what: string) => {
    const shelves =
      await sql`select product_id, category_id, vendor_id, popularity, trend from recommendations.shelves order by 1`;
    const truth = await sql`
      select p.id as product_id, p.category_id, p.vendor_id, coalesce(w.popularity, 0::real) as popularity,
        coalesce(w.trend, 0::real) as trend
      from public.products p left join personalization.product_popularity w on w.product_id = p.id order by 1`;
    assert.deepEqual([...shelves], [...truth], what);
    return shelves.length;
  };
  assert.equal(await same("stocked"), 3);
  await sql`update public.products set category_id = ${idOf("category", "milk")}, vendor_id = ${idOf("vendor", "alm")}
    where id = ${id("Oats")}`;
  await same("moved");
  await sql`update personalization.product_popularity set popularity = 1 - popularity, trend = 0.3`;
  await same("ranked anew");
  await sql`
    with gone as (delete from personalization.product_popularity where product_id = ${id("Milk")})
    insert into personalization.product_popularity (product_id, popularity) values (${id("Oats")}, 0.9)
    on conflict (product_id) do update set popularity = excluded.popularity`;
  await same("ranked and unranked at once, as the hourly job does");
  await sql`delete from public.products where id = ${id("Oats")}`;
  assert.equal(await same("deleted"), 2);
});
