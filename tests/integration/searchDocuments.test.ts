import assert from "node:assert/strict";
import { testDatabase } from "../harness/testDatabase.ts";
import { idOf, stockMarket } from "./recommendationsFixture.ts";

Deno.test("documents follow products, vendors, categories and popularity; nothing off sale is found or meant", async () => {
  await using database = await testDatabase();
  const { sql } = database;
  await stockMarket(sql, [
    { name: "Creme Brulee", category: "dairy/dessert", vendor: "alm" },
    { name: "Quark", category: "dairy/dessert", vendor: "hill", attributes: ["Low Fat"] },
  ]);
  const find = async (q: string, more: Record<string, unknown> = {}) => {
    const [row] = await sql`select search.find(null, ${{
      q,
      vendors: [],
      attributes: [],
      excludeAttributes: [],
      brands: [],
      categories: [],
      facets: [],
      ...more,
    } as never}::jsonb) as found`;
    return row!.found as { total: number; corrected: string | null; candidates: unknown[][] };
  };
  const total = async (q: string, more?: Record<string, unknown>) => (await find(q, more)).total;

  assert.equal(await total("Cr\u00e8me br\u00fbl\u00e9e"), 1, "accents are no difference");
  assert.equal((await find("quarck")).corrected, "quark");
  assert.equal(await total("", { attributes: ["low fat"] }), 1);

  await sql`update public.products set stock = 0 where name = 'Quark'`;
  assert.equal(await total("quark"), 0);
  assert.equal((await find("quarck")).corrected, null, "a word of what is sold out is not meant");
  await sql`update public.products set stock = 2 where name = 'Quark'`;
  assert.deepEqual([await total("quark"), await total("quark", { inStock: true })], [1, 0]);

  const before = await sql`select xmin::text from search.documents where product_id = ${idOf("product", "Quark")}`;
  await sql`update public.products set stock = 3 where name = 'Quark'`;
  const after = await sql`select xmin::text from search.documents where product_id = ${idOf("product", "Quark")}`;
  assert.deepEqual([...after], [...before], "a change of stock alone writes nothing");

  await sql`update public.products set expires_at = now() - interval '1 minute' where name = 'Quark'`;
  assert.equal(await total("quark"), 0);
  await sql`update public.products set expires_at = null, name = 'Skyr' where name = 'Quark'`;
  assert.deepEqual([await total("quark"), await total("skyr")], [0, 1]);

  await sql`update public.vendors set status = 'suspended' where slug = 'hill'`;
  assert.equal(await total("skyr"), 0);
  await sql`update public.vendors set status = 'active' where slug = 'hill'`;
  assert.equal(await total("skyr"), 1);

  await sql`update public.categories set name = 'Afters' where slug = 'dessert'`;
  assert.equal(await total("afters"), 2);
  await sql`update public.categories set parent_id = null where slug = 'dessert'`;
  assert.equal(await total("", { categories: ["dairy"] }), 0);

  await sql`update personalization.product_popularity set popularity = 0.75`;
  const { candidates } = await find("skyr");
  assert.equal(candidates[0]![3], 0.75);
  await sql`delete from public.products where name = 'Skyr'`;
  assert.equal(await total("skyr"), 0);
});

Deno.test("what callers say is only ever a parameter, and nobody reads the tables behind", async () => {
  await using database = await testDatabase();
  const { sql } = database;
  await stockMarket(sql, [{ name: "Milk", category: "dairy/milk" }]);
  const odd = [
    "'; drop table search.documents; --",
    "%",
    "a & | !b <-> :*",
    "\\",
    "((",
    "milk:*",
    "   ",
    "\u4e2d\u6587",
    "x".repeat(200),
  ];
  for (const q of odd) {
    const ask = {
      q,
      attributes: [q],
      excludeAttributes: [q],
      brands: [q],
      vendors: [],
      categories: [],
      facets: ["brands"],
    };
    await sql`select search.find(null, ${ask as never}::jsonb), search.suggest(${q}, 5)`;
  }
  assert.equal((await sql`select count(*)::int as count from search.documents`)[0]!.count, 1);
  for (const role of ["anon", "authenticated"]) {
    const tables = await sql`
      select c.relname from pg_class c where c.relnamespace = 'search'::regnamespace and c.relkind = 'r'
        and has_table_privilege(${role}, c.oid, 'select, insert, update, delete')`;
    assert.deepEqual([...tables], []);
  }
  const open = await sql`
    select p.proname from pg_proc p where p.pronamespace = 'search'::regnamespace
      and has_function_privilege('anon', p.oid, 'execute') order by 1`;
  assert.deepEqual(open.map(({ proname }) => proname), ["find", "suggest"]);
});
