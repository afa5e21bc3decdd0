import assert from "node:assert/strict";
import { testStack } from "../harness/testStack.ts";
import { userToken } from "../harness/userToken.ts";
import { addCategory, addMember, addUser, addVendor } from "../harness/marketOf.ts";

const file = `Artikelnummer;Product Name;Kategorie;Preis;In Stock;Tags;Shelf life days;Aisle
A-1;Oat Milk;milk;1,99 \u20ac;12;vegan, Plant-Based;10;7
A-2;Whole Milk;Milk;\u20ac 1.20;5;local;6;7
A-3;Mystery;nowhere;1.00;5;;6;7
A-4;Free Milk;milk;free;5;;6;7
A-1;Oat Milk again;milk;2.00;5;;6;7
;No number;milk;2.00;5;;6;7
`;

Deno.test("a vendor's catalog over HTTP: read as it is written, told of row by row, and nobody else's is touched", async (t) => {
  await using stack = await testStack();
  const { sql } = stack.database;
  await addCategory(sql, "milk");
  const [mine, theirs] = [await addVendor(sql), await addVendor(sql)];
  const [ann, eve] = [await addUser(sql), await addUser(sql)];
  await addMember(sql, mine, ann);
  await addMember(sql, theirs, eve);
  const send = async (userId: string, body: unknown) => {
    const response = await stack.call("catalog-import", {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${await userToken(stack.signingKey, { userId })}`,
      },
      body: JSON.stringify(body),
    });
    // deno-lint-ignore no-explicit-any -- a body is whatever the test makes of it.
    return { status: response.status, body: await response.json() as any };
  };
  const count = async () => Number((await sql`select count(*) as n from public.products`)[0]!.n);

  await t.step("a dry run tells what would be done, and changes nothing", async () => {
    const { status, body } = await send(ann, { vendorId: mine, csv: file, dryRun: true });
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual(body.totals, { created: 2, updated: 0, unchanged: 0, healed: 0, rejected: 4 });
    assert.equal(await count(), 0);
  });

  await t.step("good rows land, bad ones are told of with their reason, unknown columns lose nothing", async () => {
    const { status, body } = await send(ann, { vendorId: mine, csv: file });
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual([body.totals.created + body.totals.healed, body.totals.rejected], [2, 4]);
    const rejected = body.rows.filter((row: { status: string }) => row.status === "rejected");
    assert.deepEqual(
      rejected.map((
        { row, error }: { row: number; error: { code: string; field: string } },
      ) => [row, error.code, error.field]),
      [[3, "invalid", "category"], [4, "invalid", "price"], [5, "duplicate", "sku"], [6, "invalid", "sku"]],
    );
    const products = await sql`select sku, name, price::text, currency, stock, attributes, freshness_days, vendor_id
      from public.products order by sku`;
    assert.deepEqual([...products], [
      {
        sku: "A-1",
        name: "Oat Milk",
        price: "1.99",
        currency: "EUR",
        stock: 12,
        attributes: ["vegan", "plant-based"],
        freshness_days: 10,
        vendor_id: mine,
      },
      {
        sku: "A-2",
        name: "Whole Milk",
        price: "1.20",
        currency: "EUR",
        stock: 5,
        attributes: ["local"],
        freshness_days: 6,
        vendor_id: mine,
      },
    ]);
    const aside = await sql`select count(*)::int as n from resilience.rescued_fields`;
    assert.equal(aside[0]!.n, 2, "the aisles were lost");
  });

  await t.step("the same rows again change nothing; one that differs is updated", async () => {
    const rows = [{ sku: "A-1", stock: 12, price: 1.99 }, { sku: "A-2", stock: 4 }];
    const again = await send(ann, { vendorId: mine, rows });
    assert.deepEqual(again.body.totals, { created: 0, updated: 1, unchanged: 1, healed: 0, rejected: 0 });
    const [kept] = await sql`select stock, name from public.products where sku = 'A-2'`;
    assert.deepEqual([kept!.stock, kept!.name], [4, "Whole Milk"]);
  });

  await t.step(
    "a file with columns of its own changes nothing the second time, and a misspelt header finds its column",
    async () => {
      const rows = [{ sku: "A-1", stokc: 9, Aisle: "7b", rating: 5 }];
      assert.equal((await send(ann, { vendorId: mine, rows })).body.totals.healed, 1);
      assert.equal((await sql`select stock from public.products where sku = 'A-1' and rating is null`)[0]!.stock, 9);
      const [kept] = await sql`select extras from commerce.catalog_extras where sku = 'A-1'`;
      assert.deepEqual(kept!.extras, { stokc: 9, Aisle: "7b", rating: 5 });
      assert.equal((await send(ann, { vendorId: mine, rows })).body.totals.unchanged, 1);
      const moved = await send(ann, { vendorId: mine, rows: [{ sku: "A-1", Aisle: "8" }] });
      assert.equal(moved.body.totals.healed, 1);
    },
  );

  await t.step("another vendor's catalog is not there for whoever does not act for it", async () => {
    for (const vendorId of [mine, crypto.randomUUID()]) {
      const { status, body } = await send(eve, { vendorId, csv: "sku,name,category,price\nA-1,Stolen,milk,0.01" });
      assert.deepEqual([status, body.code], [404, "not_found"]);
    }
    const moved = await send(ann, { vendorId: mine, csv: `sku,vendor_id\nA-1,${theirs}` });
    assert.deepEqual([moved.status, moved.body.code], [422, "invalid_input"]);
    assert.equal((await sql`select name from public.products where sku = 'A-1'`)[0]!.name, "Oat Milk");
  });

  await t.step("thousands of rows at once", async () => {
    const lines = Array.from({ length: 3_000 }, (_, place) => `B-${place},Milk ${place},milk,${place % 9}.50,3`);
    const csv = ["sku,name,category,price,stock", ...lines].join("\n");
    const { status, body } = await send(eve, { vendorId: theirs, csv });
    assert.equal(status, 200, JSON.stringify(body).slice(0, 300));
    assert.deepEqual([body.totals.created, body.rows.length], [3_000, 0]);
    assert.equal((await send(eve, { vendorId: theirs, csv })).body.totals.unchanged, 3_000);
  });
});
