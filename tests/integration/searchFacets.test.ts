import assert from "node:assert/strict";
import { shopFixture } from "./personalizationFixture.ts";

Deno.test("what is asked for of nothing is there and empty; what was not asked for is not there", async () => {
  await using shop = await shopFixture();
  const facetsOf = async (q: string, facets: string[]) => {
    const ask = { q, facets, vendors: [], attributes: [], excludeAttributes: [], brands: [], categories: [] };
    const [row] = await shop.sql<{ found: { facets: Record<string, unknown> } }[]>`
      select search.find(null, ${shop.sql.json(ask)}) as found`;
    return row!.found.facets;
  };
  const all = ["categories", "vendors", "brands", "attributes", "price"];
  const nothing = { categories: [], vendors: [], brands: [], attributes: [], price: { min: null, max: null } };
  assert.deepEqual(await facetsOf("unobtainium", all), nothing);
  assert.deepEqual(await facetsOf("%", ["price"]), { price: { min: null, max: null } });
  assert.deepEqual(await facetsOf("oat", ["price", "brands"]), { price: { min: 2.5, max: 2.5 }, brands: [] });
});
