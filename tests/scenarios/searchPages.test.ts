import assert from "node:assert/strict";
import { waitUntil } from "../../local/database/waitUntil.ts";
import { testStack } from "../harness/testStack.ts";
import { idOf, stockMarket } from "../integration/recommendationsFixture.ts";
import { callsOf } from "./opsCalls.ts";

const count = 400;
const letter = (place: number) => String.fromCharCode(97 + place);
const nameOf = (place: number) => `Milk ${letter(place % 26)}${letter(Math.floor(place / 26))}x`;

Deno.test("pages go on where others ended, whatever is put first or last; long queries are noted, too", async (test) => {
  await using stack = await testStack();
  const { sql } = stack.database;
  await stockMarket(
    sql,
    Array.from({ length: count }, (_, place) => ({
      name: nameOf(place),
      category: "dairy/milk",
      vendor: `vendor${place % 9}`,
      popularity: (place % 97) / 100,
    })),
  );
  const search = callsOf(stack, "search-personalized");
  const ranking = callsOf(stack, "search-ranking");
  const find = async (input: Record<string, unknown>) => {
    const { status, body } = await search.ask({ apikey: stack.publishableKey }, "POST", { explain: false, ...input });
    assert.equal(status, 200, JSON.stringify(body));
    return body as { listId: string; correctedQuery: string | null; hits: { product: { name: string } }[] };
  };
  const everyPage = async (limit: number) => {
    const names: string[] = [];
    for (let offset = 0; offset < count; offset += limit) {
      names.push(...(await find({ q: "milk", offset, limit })).hits.map(({ product }) => product.name));
    }
    return names;
  };
  const place = async (productPlace: number, action: string, at = 1) => {
    const pin = { productId: idOf("product", nameOf(productPlace)), query: "milk", action, place: at };
    const { status, body } = await ranking.ask({ apikey: stack.secretKey }, "PUT", { pin });
    assert.equal(status, 200, JSON.stringify(body));
  };

  await test.step("each product stands on one page, the buried ones on the last", async () => {
    await place(96, "bury"); // The most popular one, and one of the least popular ones.
    await place(97, "bury");
    await place(95, "pin", 20);
    for (const limit of [24, 50]) {
      const names = await everyPage(limit);
      assert.deepEqual([names.length, new Set(names).size], [count, count], `pages of ${limit}`);
      assert.deepEqual(names.slice(-2).toSorted(), [nameOf(96), nameOf(97)].toSorted());
      assert.equal(names[19], nameOf(95));
    }
  });

  await test.step("a query that grows as it is read is noted all the same", async () => {
    const { listId, correctedQuery } = await find({ q: `${"\u00df".repeat(150)} mlik` });
    assert.ok((correctedQuery ?? "").length > 200);
    const isNoted = async () => (await sql`select from personalization.shown_lists where id = ${listId}`).length === 1;
    assert.ok(await waitUntil(isNoted, { timeoutMs: 5_000 }));
  });
});
