import assert from "node:assert/strict";
import type postgres from "postgres";
import { addCategory, addMember, addProduct, addUser, addVendor } from "../harness/marketOf.ts";
import { testDatabase } from "../harness/testDatabase.ts";

/** How many rows each role sees of each table of the market. */
const tables = [
  ...["vendors", "vendor_members", "categories", "products", "customers"],
  ...["carts", "cart_items", "orders", "order_items", "returns"],
];

Deno.test("the market: who sees what, and who changes what", async (test) => {
  await using database = await testDatabase();
  const { sql } = database;
  const [farm, shop] = [await addVendor(sql), await addVendor(sql)];
  const closed = await addVendor(sql, { status: "suspended" });
  const categoryId = await addCategory(sql, "milk");
  const milk = await addProduct(sql, { vendorId: farm, categoryId });
  await addProduct(sql, { vendorId: farm, categoryId, status: "hidden" });
  await addProduct(sql, { vendorId: farm, categoryId, expiresAt: "2020-01-01T00:00:00Z" });
  const cake = await addProduct(sql, { vendorId: shop, categoryId });
  await addProduct(sql, { vendorId: closed, categoryId });
  const [shopper, farmer, keeper]: string[] = [await addUser(sql), await addUser(sql), await addUser(sql)];
  await addMember(sql, farm, farmer!);
  await addMember(sql, shop, keeper!, "staff");
  await sql`insert into public.customers (id) values (${shopper!}), (${farmer!})`;
  for (const [vendorId, product] of [[farm, milk], [shop, cake]] as const) {
    const [order] = await sql`
      insert into public.orders (customer_id, vendor_id, total) values (${shopper!}, ${vendorId}, 5) returning id`;
    await sql`insert into public.order_items values (${order!.id}, ${product}, 2, 2.5)`;
    await sql`insert into public.returns (order_id, product_id, quantity) values (${order!.id}, ${product}, 1)`;
  }
  const [cart] = await sql`insert into public.carts (customer_id) values (${shopper!}) returning id`;
  await sql`insert into public.cart_items (cart_id, product_id) values (${cart!.id}, ${milk})`;

  /** Runs as a user, or as nobody; what it changes is undone. */
  const as = async <Result>(userId: string | undefined, work: (tx: postgres.TransactionSql) => Promise<Result>) => {
    let result: Result;
    const undone = new Error("undone");
    await sql.begin(async (tx) => {
      await tx`select set_config('request.jwt.claims', ${
        JSON.stringify(userId === undefined ? {} : { sub: userId })
      }, true)`;
      await tx.unsafe(`set local role ${userId === undefined ? "anon" : "authenticated"}`);
      result = await work(tx);
      throw undone;
    }).catch((error) => {
      if (error !== undone) throw error;
    });
    return result!;
  };
  const changed = (userId: string | undefined, text: string, values: string[] = []) =>
    as(userId, async (tx) => (await tx.unsafe(text, values)).count).catch(({ code }) => code as string);

  await test.step("reading", async () => {
    const seen = async (userId: string | undefined) => {
      const counts: (number | string)[] = [];
      for (const table of tables) counts.push(await changed(userId, `select from public.${table}`));
      return counts;
    };
    const no = "42501";
    //                                vendors, members, categories, products, customers, carts, cart_items, orders, items, returns
    assert.deepEqual(await seen(undefined), [2, no, 1, 2, no, no, no, no, no, no]);
    assert.deepEqual(await seen(shopper), [2, 0, 1, 2, 1, 1, 1, 2, 2, 2]);
    assert.deepEqual(await seen(farmer), [2, 1, 1, 4, 1, 0, 0, 1, 1, 1]);
    assert.deepEqual(await seen(keeper), [2, 1, 1, 2, 0, 0, 0, 1, 1, 1]);
  });

  await test.step("products are their vendor's members' to change, their rating nobody's", async () => {
    const reprice = "update public.products set price = 1 where id = $1";
    assert.deepEqual(
      [
        await changed(farmer, reprice, [milk]),
        await changed(keeper, reprice, [milk]),
        await changed(shopper, reprice, [milk]),
      ],
      [1, 0, 0],
    );
    assert.equal(await changed(undefined, reprice, [milk]), "42501");
    assert.equal(await changed(farmer, "update public.products set rating = 5 where id = $1", [milk]), "42501");
    const give = "update public.products set vendor_id = $2 where id = $1";
    assert.equal(await changed(farmer, give, [milk, shop]), "42501");
    const add =
      "insert into public.products (vendor_id, category_id, sku, name, price) values ($1, $2, 'new', 'New', 1)";
    assert.deepEqual([await changed(farmer, add, [farm, categoryId]), await changed(farmer, add, [shop, categoryId])], [
      1,
      "42501",
    ]);
    assert.equal(await changed(keeper, "delete from public.products where id = $1", [milk]), 0);
  });

  await test.step("no vendor makes the cards of a page as large as they like", async () => {
    const long = "x".repeat(100_000);
    const tag = "update public.products set attributes = array[$2] where id = $1";
    assert.deepEqual([await changed(farmer, tag, [milk, long]), await changed(farmer, tag, [milk, "organic"])], [
      "23514",
      1,
    ]);
    const season =
      "update public.products set season_months = array_fill(1::smallint, array[$2::integer]) where id = $1";
    assert.deepEqual([await changed(farmer, season, [milk, "100000"]), await changed(farmer, season, [milk, "12"])], [
      "23514",
      1,
    ]);
    assert.equal(await changed(farmer, "update public.vendors set region = $1", [long]), "23514");
  });

  await test.step("nobody makes themselves a member, lifts a suspension, or writes orders", async () => {
    const join = "insert into public.vendor_members (vendor_id, user_id) values ($1, $2)";
    assert.equal(await changed(shopper, join, [farm, shopper!]), "42501");
    assert.equal(await changed(farmer, "update public.vendors set status = 'suspended'"), "42501");
    assert.equal(await changed(farmer, "update public.vendors set name = 'Ours'"), 1);
    assert.equal(await changed(shopper, "update public.orders set total = 0"), "42501");
    assert.equal(await changed(farmer, "insert into public.categories (slug, name) values ('x', 'x')"), "42501");
  });

  await test.step("carts are their customers' alone", async () => {
    const put = "insert into public.cart_items (cart_id, product_id) values ($1, $2)";
    assert.deepEqual([await changed(shopper, put, [cart!.id, cake]), await changed(farmer, put, [cart!.id, cake])], [
      1,
      "42501",
    ]);
    assert.equal(await changed(farmer, "insert into public.carts (customer_id) values ($1)", [shopper!]), "42501");
  });

  await test.step("what a catalog said besides is its vendor's members' alone", async () => {
    await sql`insert into commerce.catalog_extras values (${farm}, ${milk}, '{"Shelf": 7}')`;
    const read = "select from commerce.catalog_extras";
    assert.deepEqual([await changed(farmer, read), await changed(keeper, read), await changed(undefined, read)], [
      1,
      0,
      "42501",
    ]);
    const write = "insert into commerce.catalog_extras values ($1, $2, '{}')";
    assert.equal(await changed(farmer, write, [shop, cake]), "42501");
  });
});
