import assert from "node:assert/strict";
import { eventOf, session, shopFixture, type Shopper } from "./personalizationFixture.ts";

Deno.test("a row of recommendations is clicked and bought from by whom it was shown, and by nobody else", async () => {
  await using shop = await shopFixture();
  const { oat } = shop.milk;
  const [ada, eve, listId] = [session(), session(), crypto.randomUUID()];
  const { error } = await shop.ctx(ada).db.rpc("personalization.note_list", {
    p_session_key: ada.sessionKey,
    p_list_id: listId,
    p_source: "recommendations",
    p_kind: "for-you",
    p_query: null,
    p_product_ids: [oat],
    p_made_by: {},
  }, { deadLetter: false });
  assert.equal(error, null);
  const outcome = async (shopper: Shopper) => {
    await shop.track(shopper, eventOf(oat, { listId }), eventOf(oat, { listId, type: "purchase" }));
    const [row] = await shop.sql`
      select clicked::integer, bought::integer from recommendations.count_outcomes(now() - interval '1 day', now() + interval '1 day')`;
    return { ...row };
  };
  assert.deepEqual(await outcome(eve), { clicked: 0, bought: 0 });
  assert.deepEqual(await outcome(ada), { clicked: 1, bought: 1 });
});
