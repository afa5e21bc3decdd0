import assert from "node:assert/strict";
import { addCategory, addProduct, addVendor } from "../harness/marketOf.ts";
import { testDatabase } from "../harness/testDatabase.ts";

Deno.test("products are described as they are added, renamed and moved, names included", async () => {
  await using database = await testDatabase();
  const { sql } = database;
  const vendorId = await addVendor(sql);
  await addCategory(sql, "dairy");
  const milk = await addCategory(sql, "milk", "dairy");
  const traitsOf = async (id: string) => {
    const [row] = await sql<{ traits: string[]; weights: number[] }[]>`
      select traits, weights from personalization.product_traits where product_id = ${id}`;
    return new Map(row!.traits.map((trait, place) => [trait, Number(row!.weights[place]!.toFixed(2))]));
  };

  const oat = await addProduct(sql, {
    vendorId,
    categoryId: milk,
    name: "Oat Milk",
    brand: "Oatly & Co",
    attributes: ["Local!"],
  });
  assert.deepEqual(Object.fromEntries(await traitsOf(oat)), {
    "attribute:local": 1,
    "attribute:plant-based": 0.9,
    "brand:oatly-co": 0.6,
    "category:milk": 0.5,
    [`vendor:${vendorId}`]: 0.3,
    "category:dairy": 0.25,
  });

  await sql`update public.products set name = 'Whole Milk' where id = ${oat}`;
  assert.ok(!(await traitsOf(oat)).has("attribute:plant-based"));
  await sql`update public.products set attributes = '{vegan}' where id = ${oat}`;
  assert.ok((await traitsOf(oat)).has("attribute:plant-based"), "what is vegan is plant-based");
  await sql`update public.categories set slug = 'fresh-dairy' where slug = 'dairy'`;
  assert.ok((await traitsOf(oat)).has("category:fresh-dairy"));

  const rowOf = () =>
    sql`select xmin::text as "writtenBy" from personalization.product_traits where product_id = ${oat}`;
  const before = await rowOf();
  await sql`select personalization.describe_products(null)`;
  assert.deepEqual(await rowOf(), before, "what has not changed is written again");
  const named = async (name: string) => {
    await sql`update public.products set name = ${name}, attributes = '{}' where id = ${oat}`;
    return [...(await traitsOf(oat)).keys()].filter((trait) => trait.startsWith("attribute:"));
  };
  assert.deepEqual(await named("Hot Chocolate"), []);
  assert.deepEqual(await named("Hot Sauce"), ["attribute:spicy"]);
  assert.deepEqual(await named("Mild Kimchi"), []);
  await sql`delete from public.products where id = ${oat}`;
  assert.equal((await sql`select 1 from personalization.product_traits`).length, 0);
});

Deno.test("a price is judged beside its category, once there is something to judge it by", async () => {
  await using database = await testDatabase();
  const { sql } = database;
  const vendorId = await addVendor(sql);
  const categoryId = await addCategory(sql, "milk");
  const bands = () =>
    sql<{ price: string; band: string | null }[]>`
      select price::text, (select trait from unnest(traits) trait where trait like 'price:%') as band
      from public.products join personalization.product_traits on product_id = id order by price`;
  for (const price of [1, 2, 3, 4, 5, 6, 7, 8]) await addProduct(sql, { vendorId, categoryId, price });
  assert.ok((await bands()).every(({ band }) => band === null));
  await sql`select personalization.refresh_price_bands()`;
  await addProduct(sql, { vendorId, categoryId, price: 9 });
  await sql`select personalization.refresh_price_bands()`;
  const [{ again }] = await sql<[{ again: number }]>`select personalization.refresh_price_bands() as again`;
  assert.equal(again, 0);
  assert.deepEqual(
    (await bands()).map(({ band }) => band?.slice(6, 7)).join(""),
    "lllmmmhhh",
  );
});

Deno.test("a statement that adds no product describes none: neither an upsert of known ones, nor an insert of nothing", async () => {
  await using database = await testDatabase();
  const { sql } = database;
  const [vendorId, other] = [await addVendor(sql), await addVendor(sql)];
  const categoryId = await addCategory(sql, "milk");
  const mine = await addProduct(sql, { vendorId, categoryId, sku: "mine" });
  const theirs = await addProduct(sql, { vendorId: other, categoryId });
  await sql`update personalization.product_traits set traits = '{attribute:untouched}', weights = '{1}' where product_id = ${theirs}`;
  await sql`
    insert into public.products (vendor_id, category_id, sku, name, price) values (${vendorId}, ${categoryId}, 'mine', 'Soy Milk', 3)
    on conflict (vendor_id, sku) do update set name = excluded.name, price = excluded.price`;
  await sql`
    insert into public.products (vendor_id, category_id, sku, name, price)
    select vendor_id, category_id, sku, name, price from public.products where false`;
  const rows = await sql<{ product_id: string; traits: string[] }[]>`
    select product_id, traits from personalization.product_traits`;
  const traits = new Map(rows.map(({ product_id, traits }) => [product_id, traits]));
  assert.deepEqual(traits.get(theirs), ["attribute:untouched"]);
  assert.ok(traits.get(mine)!.includes("attribute:plant-based"), "and the one that has changed is described");
});
