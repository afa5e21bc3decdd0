import assert from "node:assert/strict";
import { eventOf, session, shopFixture, type Shopper } from "./personalizationFixture.ts";

/** Notes a search of somebody, as search-personalized does behind its answer. */
const noteSearch = async (
  { ctx }: Awaited<ReturnType<typeof shopFixture>>,
  shopper: Shopper,
  query: string,
  total = 1,
) => {
  const { error } = await ctx(shopper).db.rpc("personalization.note_list", {
    p_session_key: shopper.sessionKey ?? null,
    p_list_id: crypto.randomUUID(),
    p_source: "search",
    p_kind: "search",
    p_query: query,
    p_product_ids: [],
    p_made_by: { asked: query, total, offset: 0 },
  }, { deadLetter: false });
  assert.equal(error, null);
};

Deno.test("made-up sessions put nothing into suggestions, nor do a few real ones; five users do", async () => {
  await using shop = await shopFixture();
  const { oat } = shop.milk;
  for (let no = 0; no < 30; no++) await noteSearch(shop, session(), "chili milk");
  for (let no = 0; no < 19; no++) {
    const eve = session();
    await shop.track(eve, eventOf(oat));
    await noteSearch(shop, eve, "whole milk");
  }
  for (let no = 0; no < 5; no++) {
    const ada = await shop.user();
    await shop.track(ada, eventOf(oat));
    await noteSearch(shop, ada, "oat milk");
  }
  const popular = async () => {
    await shop.sql`select search.refresh_words()`;
    const rows = await shop.sql<{ query: string }[]>`select query from search.popular_queries order by query`;
    return rows.map(({ query }) => query);
  };
  assert.deepEqual(await popular(), ["oat milk"]);
  const bob = await shop.user();
  await shop.track(bob, eventOf(oat));
  await noteSearch(shop, bob, "whole milk");
  assert.deepEqual(await popular(), ["oat milk", "whole milk"], "sessions are heard beside a user");
});

Deno.test("one who searches a thousand times does not head the operator's list of what was not found", async () => {
  await using shop = await shopFixture();
  const ada = await shop.user();
  await shop.track(ada, eventOf(shop.milk.oat));
  await noteSearch(shop, ada, "kefir", 0);
  for (let no = 0; no < 20; no++) await noteSearch(shop, session(), "buy at evil example", 0);
  const [row] = await shop.sql.begin(async (sql) => {
    await sql`select set_config('request.jwt.claims', '{"role": "service_role"}', true)`;
    return await sql<
      { told: { zeroResultQueries: { query: string }[] } }[]
    >`select search.read_insights(null, 30, 10) as told`;
  });
  assert.deepEqual(row!.told.zeroResultQueries.map(({ query }) => query), ["kefir", "buy at evil example"]);
});
