import assert from "node:assert/strict";
import { exportProfile } from "../../supabase/functions/_domains/personalization/exportProfile.ts";
import { forgetPreferences } from "../../supabase/functions/_domains/personalization/forgetPreferences.ts";
import { mergeProfile } from "../../supabase/functions/_domains/personalization/mergeProfile.ts";
import { patchPreferences } from "../../supabase/functions/_domains/personalization/patchPreferences.ts";
import { readPreferences } from "../../supabase/functions/_domains/personalization/readPreferences.ts";
import { differences, eventOf, learned, session, type ShopFixture, shopFixture } from "./personalizationFixture.ts";

const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();

/** Notes a list as search does. */
const noteList = (shop: ShopFixture, key: string, listId: string) =>
  shop.sql`select personalization.note_list(${key}, ${listId}, 'search', 'results', 'milk', ${[
    shop.milk.oat,
  ]}::uuid[], '{}')`;

Deno.test("shoppers see what is known of them and why; muting and opting out hold at once", async () => {
  await using shop = await shopFixture();
  const [ada, nobody] = [await shop.user(), session()];
  await shop.track(ada, eventOf(shop.milk.oat), eventOf(shop.milk.soy), eventOf(shop.milk.chili, { type: "purchase" }));
  const seen = await readPreferences({ limit: 100 }, shop.ctx(ada));
  const plantBased = seen.traits.find(({ trait }) => trait === "attribute:plant-based");
  assert.ok(plantBased!.score > 0);
  assert.match(plantBased!.reason!, /^looked at 2 times, last (Oat|Soy) Milk$/);
  const strongest = await readPreferences({ limit: 1 }, shop.ctx(ada));
  assert.deepEqual(strongest.traits.map(({ trait }) => trait), [seen.traits[0]!.trait]);
  assert.deepEqual(await readPreferences({ limit: 0 }, shop.ctx(ada)), { ...seen, traits: [] });
  assert.deepEqual(seen.habits.map(({ name, purchases }) => [name, purchases]), [["Chili Milk", 1]]);
  assert.deepEqual(await readPreferences({ limit: 100 }, shop.ctx(nobody)), {
    profileVersion: 0,
    isOptedOut: false,
    mutedTraits: [],
    traits: [],
    habits: [],
  });

  const muted = await patchPreferences({ mute: ["attribute:*", "category:milk"] }, shop.ctx(ada));
  assert.ok(muted.profileVersion > seen.profileVersion);
  assert.deepEqual([...(await shop.profileOf(ada)).keys()].sort(), ["category:dairy", `vendor:${shop.vendorId}`]);
  const { mutedTraits } = await patchPreferences({ unmute: ["attribute:*"] }, shop.ctx(ada));
  assert.deepEqual(mutedTraits, ["category:milk"]);

  await patchPreferences({ optOut: true }, shop.ctx(ada));
  assert.equal((await shop.profileOf(ada)).size, 0);
  const { results } = await shop.track(ada, eventOf(shop.milk.oat));
  assert.deepEqual(results.map(({ status, code }) => [status, code]), [["ignored", "opted_out"]]);
  const [{ kept }] = await shop.sql<
    [{ kept: number }]
  >`select count(*)::integer as kept from personalization.interactions`;
  assert.equal(kept, 3, "what somebody does who has opted out is stored");
  await patchPreferences({ optOut: false }, shop.ctx(ada));
  assert.ok((await shop.profileOf(ada)).size > 0);
});

Deno.test("forgetting erases everything of one shopper alone, and late events from before do not bring it back", async () => {
  await using shop = await shopFixture();
  const [ada, bob] = [await shop.user(), session()];
  const event = eventOf(shop.milk.oat, { type: "purchase" });
  await shop.track(ada, event);
  await shop.track(bob, eventOf(shop.milk.oat, { type: "purchase" }));
  const bobs = await learned(shop.sql);
  for (const key of [...bobs.keys()]) if (key.startsWith(ada.id)) bobs.delete(key);

  const { erased } = await forgetPreferences({}, shop.ctx(ada));
  assert.ok(
    erased["interactions"] === 1 && erased["habits"] === 1 && erased["preferences"]! > 3,
    JSON.stringify(erased),
  );
  const [again, late, fresh] = [event, eventOf(shop.milk.soy, { occurredAt: hoursAgo(1) }), eventOf(shop.milk.whole)];
  const { results } = await shop.track(ada, again, late, fresh);
  assert.deepEqual(results.map(({ status, code }) => code ?? status), ["duplicate", "forgotten", "recorded"]);
  assert.equal((await shop.profileOf(ada)).get("attribute:plant-based"), undefined);
  await forgetPreferences({}, shop.ctx(ada));
  assert.deepEqual(differences(bobs, await learned(shop.sql)), []);

  const tables = await shop.sql<{ name: string; column: string }[]>`
    select format('%I.%I', table_schema, table_name) as name, subject_column as column
    from personalization.subject_tables where is_erased`;
  assert.ok(tables.length > 0);
  await shop.track(ada, eventOf(shop.milk.soy));
  await shop.sql`delete from auth.users where id = ${ada.id}`;
  assert.deepEqual(
    differences(bobs, await learned(shop.sql)),
    [],
    "an account that is deleted leaves its profile behind",
  );
  const kept = await shop
    .sql`select deleted_at is not null as is_gone, version from personalization.subjects where id = ${ada.id}`;
  assert.deepEqual(
    kept.map((row) => ({ ...row })),
    [{ is_gone: true, version: "1" }],
    "all that is known is that it is gone",
  );
  for (const { name, column } of tables) {
    const rows = await shop.sql.unsafe(`select 1 from ${name} where ${column} = '${ada.id}'`);
    assert.equal(rows.length, 0, name);
  }
});

Deno.test("a session becomes the user's once: evidence adds up, nothing leaks to whoever comes with the key later", async () => {
  await using shop = await shopFixture();
  const [ada, eve, anonymous] = [await shop.user(), await shop.user(), session()];
  const asAda = { ...ada, sessionKey: anonymous.sessionKey };
  const asEve = { ...eve, sessionKey: anonymous.sessionKey };
  const listId = crypto.randomUUID();
  await shop.track(
    ada,
    eventOf(shop.milk.oat, { type: "purchase", occurredAt: hoursAgo(50) }),
    eventOf(shop.milk.whole),
  );
  await shop.track(
    anonymous,
    eventOf(shop.milk.oat, { type: "purchase", occurredAt: hoursAgo(2) }),
    eventOf(shop.milk.soy),
  );
  await noteList(shop, anonymous.sessionKey, listId);

  const [first, second] = await Promise.all([mergeProfile({}, shop.ctx(asAda)), mergeProfile({}, shop.ctx(asAda))]);
  assert.deepEqual([first.isMerged, second.isMerged].sort(), [false, true]);
  assert.equal(first.events + second.events, 2);
  assert.equal((await shop.profileOf(anonymous)).size, 0);
  const [list] = await shop.sql`select subject_id from personalization.shown_lists where id = ${listId}`;
  assert.equal(list!.subject_id, ada.id);
  const after = await learned(shop.sql);
  await shop.sql`select personalization.rebuild_preferences(array[${ada.id}::uuid])`;
  assert.deepEqual(differences(after, await learned(shop.sql)), [], "adding up differs from replaying all events");
  const [habit] = await shop.sql`select purchases from personalization.habits`;
  assert.equal(habit!.purchases, 2);

  await assert.rejects(mergeProfile({}, shop.ctx(asEve)), { code: "BL409" });
  assert.equal((await shop.profileOf(eve)).size, 0);
  const { results } = await shop.track(anonymous, eventOf(shop.milk.chili));
  assert.deepEqual(results.map(({ code }) => code), ["session_is_over"]);
  assert.equal(
    (await shop.track(asAda, eventOf(shop.milk.chili))).results[0]!.status,
    "recorded",
    "a user's token wins",
  );
  await assert.rejects(
    mergeProfile({}, shop.ctx(anonymous)),
    (error: { code?: string }) => /42501|BL403/.test(error.code!),
  );
});

Deno.test("who opted out takes nothing along: neither the session's data to a user, nor a user's choice away", async () => {
  await using shop = await shopFixture();
  const [ada, bob, quiet, loud] = [await shop.user(), await shop.user(), session(), session()];
  for (const one of [quiet, loud]) await shop.track(one, eventOf(shop.milk.oat));
  await patchPreferences({ optOut: true }, shop.ctx(quiet));
  await patchPreferences({ optOut: true }, shop.ctx(bob));
  assert.equal((await mergeProfile({}, shop.ctx({ ...ada, sessionKey: quiet.sessionKey }))).events, 0);
  assert.equal((await mergeProfile({}, shop.ctx({ ...bob, sessionKey: loud.sessionKey }))).events, 0);
  const [{ kept }] = await shop.sql<
    [{ kept: number }]
  >`select count(*)::integer as kept from personalization.interactions`;
  assert.equal(kept, 0);
});

Deno.test("an export holds everything of its caller, page by page, and nothing of others", async () => {
  await using shop = await shopFixture();
  const [ada, bob] = [await shop.user(), session()];
  await shop.track(bob, eventOf(shop.milk.chili));
  const events = Array.from({ length: 7 }, (_, hour) => eventOf(shop.milk.oat, { occurredAt: hoursAgo(hour + 1) }));
  await shop.track(ada, ...events);
  await shop.sql`insert into public.customers (id, display_name) values (${ada.id}, 'Ada')`;
  const whole = await exportProfile({}, shop.ctx(ada));
  assert.deepEqual(whole.events.map((event) => event["event_id"]), events.map(({ eventId }) => eventId).reverse());
  assert.deepEqual([whole.next, whole.elsewhere?.["public.customers"]?.[0]?.["display_name"]], [null, "Ada"]);
  assert.ok(!JSON.stringify(whole).includes(shop.milk.chili));

  const paged: string[] = [];
  let place = { at: null as string | null, id: null as string | null };
  for (let pages = 0; pages < 3; pages++) {
    const [row] = await shop.dbs.as(ada.caller).sql<
      { page: { events: { event_id: string }[]; next: typeof place | null } }
    >`
      select personalization.export_me(null::text, ${place.at}::text::timestamptz, ${place.id}::uuid, 3) as page`;
    paged.push(...row!.page.events.map((event) => event.event_id));
    place = row!.page.next ?? { at: "the end", id: null };
  }
  assert.equal(place.at, "the end");
  assert.deepEqual(paged, events.map(({ eventId }) => eventId).reverse());
});
