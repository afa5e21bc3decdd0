import assert from "node:assert/strict";
import { forgetPreferences } from "../../supabase/functions/_domains/personalization/forgetPreferences.ts";
import { mergeProfile } from "../../supabase/functions/_domains/personalization/mergeProfile.ts";
import { patchPreferences } from "../../supabase/functions/_domains/personalization/patchPreferences.ts";
import { eventOf, session, type ShopFixture, shopFixture } from "./personalizationFixture.ts";

/** As if all subjects were made so long ago. */
const age = ({ sql }: ShopFixture, days: number) =>
  sql`update personalization.subjects set created_at = now() - make_interval(days => ${days})`;
const purge = ({ sql }: ShopFixture, days = 180) =>
  sql`select personalization.purge_idle_sessions(now() - make_interval(days => ${days}), 1000)`;
const hourAgo = () => new Date(Date.now() - 3_600_000).toISOString();

Deno.test("an old session that was erased stays erased: what was on its way does not come back after upkeep", async () => {
  await using shop = await shopFixture();
  const eve = session();
  await shop.track(eve, eventOf(shop.milk.oat));
  await age(shop, 200);
  await forgetPreferences({}, shop.ctx(eve));
  await purge(shop);
  const { results } = await shop.track(eve, eventOf(shop.milk.oat, { occurredAt: hourAgo() }));
  assert.equal(results[0]!.code, "forgotten");
});

Deno.test("an old session that was merged stays over: the next on the device does not inherit what comes under its key", async () => {
  await using shop = await shopFixture();
  const [ada, eve, anonymous] = [await shop.user(), await shop.user(), session()];
  await shop.track(anonymous, eventOf(shop.milk.oat));
  await age(shop, 200);
  await mergeProfile(undefined, shop.ctx({ ...ada, sessionKey: anonymous.sessionKey }));
  await purge(shop);
  const { results } = await shop.track(anonymous, eventOf(shop.milk.chili));
  assert.equal(results[0]!.code, "session_is_over");
  await assert.rejects(mergeProfile(undefined, shop.ctx({ ...eve, sessionKey: anonymous.sessionKey })), {
    code: "BL409",
  });
});

Deno.test("no session becomes an account that is gone: what its token asks for is refused and changes nothing", async () => {
  await using shop = await shopFixture();
  const [ada, anonymous] = [await shop.user(), session()];
  await shop.track(anonymous, eventOf(shop.milk.oat));
  await shop.sql`delete from auth.users where id = ${ada.id}`;
  await assert.rejects(mergeProfile(undefined, shop.ctx({ ...ada, sessionKey: anonymous.sessionKey })), {
    code: "BL403",
  });
  const kept = await shop.sql`select 1 from personalization.interactions where subject_id = ${ada.id}`;
  assert.equal(kept.length, 0);
  const { results } = await shop.track(anonymous, eventOf(shop.milk.soy));
  assert.equal(results[0]!.status, "recorded", "the session goes on as one");
});

Deno.test("a session that becomes an account while that is deleted goes with it", async () => {
  await using shop = await shopFixture();
  const { sql } = shop;
  const [ada, anonymous] = [await shop.user(), session()];
  await shop.track(anonymous, eventOf(shop.milk.oat));
  let deletion: Promise<unknown> | undefined;
  await sql.begin(async (merging) => {
    await merging`select set_config('request.jwt.claims', ${JSON.stringify({ sub: ada.id })}, true)`;
    await merging`select personalization.merge_session(${anonymous.sessionKey})`;
    let isOver = false;
    deletion = sql`delete from auth.users where id = ${ada.id}`.execute().finally(() => isOver = true);
    for (let waiting = 0; waiting === 0;) {
      assert.equal(isOver, false, "it waits for what is under way");
      [{ waiting }] = await sql<[{ waiting: number }]>`select count(*)::integer as waiting from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`;
    }
  });
  await deletion;
  const left = await sql`select 1 from personalization.interactions`;
  assert.equal(left.length, 0);
  const subjects = await sql`select id, deleted_at is not null as is_gone from personalization.subjects`;
  assert.deepEqual(subjects.map((row) => ({ ...row })), [{ id: ada.id, is_gone: true }]);
});

Deno.test("what is over goes in the end: sessions that opted out, merged ones, and accounts that are gone", async () => {
  await using shop = await shopFixture();
  const [ada, bob] = [await shop.user(), await shop.user()];
  const sessions = [session(), session(), session()];
  for (const shopper of [ada, bob, ...sessions]) await shop.track(shopper, eventOf(shop.milk.oat));
  await patchPreferences({ optOut: true }, shop.ctx(sessions[0]!));
  await mergeProfile(undefined, shop.ctx({ ...ada, sessionKey: sessions[1]!.sessionKey }));
  await shop.sql`delete from auth.users where id = ${bob.id}`;
  const left = async () =>
    (await shop.sql<{ count: number }[]>`select count(*)::integer as count from personalization.subjects`)[0]!.count;
  const daysOn = async (days: number) => {
    await shop.sql`
      update personalization.subjects set created_at = created_at - make_interval(days => ${days}),
        last_event_at = last_event_at - make_interval(days => ${days}),
        deleted_at = deleted_at - make_interval(days => ${days})`;
    await purge(shop);
    return await left();
  };
  assert.equal(await daysOn(1), 5);
  assert.equal(await daysOn(59), 4, "the account's token is long over");
  assert.equal(await daysOn(121), 3, "the session that came no more");
  assert.equal(await daysOn(240), 1, "no browser keeps a key for more than 400 days");
  assert.equal((await shop.sql`select id from personalization.subjects`)[0]!.id, ada.id);
});
