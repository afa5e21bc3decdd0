import assert from "node:assert/strict";
import type { Caller } from "../../supabase/functions/_shared/http/caller.ts";
import { patchPreferences } from "../../supabase/functions/_domains/personalization/patchPreferences.ts";
import { eventOf, session, shopFixture, type Shopper } from "./personalizationFixture.ts";

const from = (clientAddress: string): Shopper => {
  const caller: Caller = { kind: "publishable", keyName: "default", clientAddress };
  return { ...session(), caller };
};

Deno.test("events that come many at once are counted one by one, by address, and what is refused costs nothing", async () => {
  await using shop = await shopFixture();
  const { oat } = shop.milk;
  const batch = (size: number) => Array.from({ length: size }, () => eventOf(oat, { type: "impression" }));
  // Another session each time is the same caller.
  await shop.track(from("192.0.2.1"), ...batch(500));
  await shop
    .sql`update resilience.rate_limits set tokens = 300, counted_at = clock_timestamp() where bucket like 'events %'`;
  await assert.rejects(shop.track(from("192.0.2.1"), ...batch(500)), { code: "BL429" });
  await shop.track(from("192.0.2.1"), ...batch(200));
  await shop.track(from("192.0.2.1"), eventOf(oat));
  await shop.track(from("192.0.2.2"), ...batch(500));
  const [kept] = await shop.sql`select count(*)::integer as events from personalization.interactions`;
  assert.equal(kept!.events, 1_201);
});

Deno.test("sessions beyond what an address begins in an hour are doubted, and served all the same", async () => {
  await using shop = await shopFixture();
  const shoppers = Array.from({ length: 32 }, () => from("192.0.2.1"));
  // A session that began with a wish is judged as well, once it acts.
  await patchPreferences({ mute: ["brand:*"] }, shop.ctx(shoppers[31]!));
  for (const shopper of [...shoppers, from("192.0.2.2")]) await shop.track(shopper, eventOf(shop.milk.oat));
  // Nobody is judged twice.
  await shop.track(shoppers[0]!, eventOf(shop.milk.oat));
  const isDoubted = async ({ sessionKey }: Shopper) =>
    (await shop.sql`
      select is_doubted from personalization.subjects where id = personalization.session_subject(${sessionKey!})`)[0]!
      .is_doubted;
  const doubted = await Promise.all(shoppers.map(isDoubted));
  assert.deepEqual(doubted, [...Array<boolean>(30).fill(false), true, true]);
  assert.ok((await shop.profileOf(shoppers[31]!)).get("attribute:plant-based")! > 0.3);
  const [other] = await shop
    .sql`select count(*)::integer as sessions from personalization.subjects where is_doubted = false`;
  assert.equal(other!.sessions, 31);
});

Deno.test("the token of an account that is gone teaches nothing", async () => {
  await using shop = await shopFixture();
  const ada = await shop.user();
  await shop.track(ada, eventOf(shop.milk.oat));
  await shop.sql`delete from auth.users where id = ${ada.id}`;
  const { results } = await shop.track(ada, eventOf(shop.milk.oat));
  assert.equal(results[0]!.code, "opted_out");
  await patchPreferences({ optOut: false }, shop.ctx(ada));
  await shop.track(ada, eventOf(shop.milk.oat));
  const [kept] = await shop.sql`
    select (select count(*)::integer from personalization.interactions) as events,
      (select count(*)::integer from personalization.preferences) as traits`;
  assert.deepEqual({ ...kept }, { events: 0, traits: 0 });
});
