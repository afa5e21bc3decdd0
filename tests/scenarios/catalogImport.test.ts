import assert from "node:assert/strict";
import { addCategory, addMember, addUser, addVendor } from "../harness/marketOf.ts";
import { testStack } from "../harness/testStack.ts";
import { userToken } from "../harness/userToken.ts";
import { callsOf } from "./opsCalls.ts";

Deno.test("a vendor imports catalogs, each row with its own fate", async (test) => {
  await using stack = await testStack();
  const { sql } = stack.database;
  const [vendorId, otherId] = [await addVendor(sql), await addVendor(sql)];
  await addCategory(sql, "milk");
  const [member, stranger]: string[] = [crypto.randomUUID(), await addUser(sql)];
  await addMember(sql, vendorId, member!, "staff");
  await addMember(sql, otherId, stranger!);
  const { ask } = callsOf(stack, "catalog-import");
  const as = async (userId: string) => ({ authorization: `Bearer ${await userToken(stack.signingKey, { userId })}` });
  const send = async (input: Record<string, unknown>, userId = member!, vendor = vendorId) =>
    await ask(await as(userId), "POST", { vendorId: vendor, ...input });
  const totals = async (input: Record<string, unknown>) => {
    const { status, body } = await send(input);
    assert.equal(status, 200, JSON.stringify(body));
    const { rows: _, ...counts } = body.totals;
    return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));
  };
  const products = async () =>
    await sql`select sku, name, price::text, stock, attributes from public.products where vendor_id = ${vendorId} order by sku`;

  const csv = "\ufeffSKU;Product Name;Preis;in stock;Kategorie;Tags\r\n" +
    'A1;"Oat ""Barista"" Milk";3,49 \u20ac;7;Milk;Organic, Vegan\r\n' +
    "A2;Whole Milk;1,20;5;milk;\r\n" +
    "A3;Broken Milk;1.234;5;milk;\r\n" +
    "A4;Odd Milk;1,10;5;spaceships;\r\n" +
    "A1;Again;1,10;5;milk;\r\n";

  await test.step("a rehearsal reports and changes nothing", async () => {
    assert.deepEqual(await totals({ csv, dryRun: true }), { created: 2, rejected: 3 });
    assert.equal((await products()).length, 0);
  });

  await test.step("good rows land, bad ones are named with their reasons", async () => {
    const { body } = await send({ csv });
    assert.deepEqual(
      body.rows.map((
        { row, sku, status, error }: { row: number; sku: string; status: string; error?: { code: string } },
      ) => [row, sku, status, error?.code]),
      [
        [1, "A1", "created", undefined],
        [2, "A2", "created", undefined],
        [3, "A3", "rejected", "invalid"],
        [4, "A4", "rejected", "unknown_category"],
        [5, "A1", "rejected", "duplicate_sku"],
      ],
    );
    assert.deepEqual([...await products()], [
      { sku: "A1", name: 'Oat "Barista" Milk', price: "3.49", stock: 7, attributes: ["organic", "vegan"] },
      { sku: "A2", name: "Whole Milk", price: "1.20", stock: 5, attributes: [] },
    ]);
  });

  await test.step("the same again changes nothing; part of it changes that part", async () => {
    assert.deepEqual(await totals({ csv }), { unchanged: 2, rejected: 3 });
    assert.deepEqual(await totals({ rows: [{ sku: "A1", stock: 0 }, { sku: "A2", stock: 5 }] }), {
      updated: 1,
      unchanged: 1,
    });
    assert.deepEqual((await products()).map(({ name, stock }) => [name, stock]), [['Oat "Barista" Milk', 0], [
      "Whole Milk",
      5,
    ]]);
  });

  await test.step("what has no column is kept as it was sent, and a misspelt header finds its column", async () => {
    const rows = [{ sku: "A1", stokc: 9, "Shelf row": "7b", rating: 5 }];
    assert.deepEqual(await totals({ rows }), { healed: 1 });
    assert.equal((await products())[0]!.stock, 9);
    const [kept] = await sql`select extras from commerce.catalog_extras where sku = 'A1'`;
    assert.deepEqual(kept!.extras, { stokc: 9, "Shelf row": "7b", rating: 5 });
    const [rated] = await sql`select rating from public.products where sku = 'A1'`;
    assert.equal(rated!.rating, null);
    assert.deepEqual(await totals({ rows }), { unchanged: 1 });
  });

  await test.step("a row cannot go to another vendor, nor a stranger to this one", async () => {
    assert.deepEqual(await totals({ rows: [{ sku: "A1", vendor_id: otherId, stock: 1 }] }), { rejected: 1 });
    const answers = await Promise.all([
      send({ csv }, stranger),
      send({ csv }, member, otherId),
      send({ csv }, member, crypto.randomUUID()),
    ]);
    for (const { status, body } of answers) assert.deepEqual([status, body.detail], [404, answers[0]!.body.detail]);
    assert.equal((await ask({ apikey: stack.publishableKey }, "POST", { vendorId, csv })).status, 401);
    const foreign = await sql`select from public.products where vendor_id = ${otherId}`;
    assert.equal(foreign.length, 0);
  });

  await test.step("what is no catalog is refused as a whole", async () => {
    for (const input of [{}, { csv, rows: [] }, { csv: 'sku\n"A' }, { csv: "sku,sku\n1,2" }]) {
      assert.equal((await send(input)).status, 422, JSON.stringify(input));
    }
  });

  await test.step("thousands of rows in one call, and a short report of them", async () => {
    const line = (index: number) => `B${index},Milk no ${index},${index % 90}.50,${index},milk,"organic, local"`;
    const large = "sku,name,price,stock,category,tags\n" +
      Array.from({ length: 3_000 }, (_, index) => line(index)).join("\n");
    const { body } = await send({ csv: large });
    assert.deepEqual([body.totals.created, body.rows.length], [3_000, 0]);
    assert.deepEqual(await totals({ csv: large }), { unchanged: 3_000 });
  });
});
