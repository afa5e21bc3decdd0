import assert from "node:assert/strict";
import type postgres from "postgres";
import { momentsOf } from "../../supabase/functions/_domains/personalization/ports.ts";
import { testDatabase } from "../harness/testDatabase.ts";
import { addShopper, idOf, stockMarket } from "./recommendationsFixture.ts";

const market = ["soup", "salad", "bread"].map((name) => ({ name, category: `food/${name}` }));

/** Purchases of a product, one a day, each in the context. */
async function buy(sql: postgres.Sql, who: string, what: string, days: readonly number[], context: postgres.JSONValue) {
  await sql`
    insert into personalization.interactions (event_id, occurred_at, received_at, subject_id, signal, product_id, strength, context, raw)
    select gen_random_uuid(), date_trunc('day', now(), 'UTC') - make_interval(days => d.day), now() - interval '1 minute', ${who},
      'purchase', ${idOf("product", what)}, 0.8, ${sql.json(context)}, '{}'
    from unnest(${days}::integer[]) d(day)`;
}

const learn = (sql: postgres.Sql, ...subjects: string[]) =>
  sql`select personalization.learn_moments(${subjects}::uuid[], now(), 90)`;

/** What somebody wants at moments, by the category's name: the pull, the moment that says so, and whose it is. */
async function tastes(sql: postgres.Sql, who: string | null, ...moments: string[]) {
  const rows = await sql<{ slug: string; pull: number; moment: string; is_own: boolean }[]>`
    select c.slug, t.* from personalization.moment_tastes(${who}, ${moments}::text[]) t
    join public.categories c on c.id = t.category_id`;
  return new Map(rows.map(({ slug, ...taste }) => [slug, taste]));
}

const to = (days: number, from = 1) => Array.from({ length: days }, (_, day) => from + day);

Deno.test("what is wanted at a kind of moment is learned by how much more it is wanted then, where enough tells it", async () => {
  await using database = await testDatabase();
  const { sql } = database;
  await stockMarket(sql, market);
  const ann = await addShopper(sql, "ann");
  await buy(sql, ann, "soup", to(5), { weather: "rainy", meal: "dinner" });
  await buy(sql, ann, "salad", to(5, 10), { weather: "sunny" });
  // Always and everywhere: that it rains says nothing of it.
  await buy(sql, ann, "bread", to(5), { weather: "rainy" });
  await buy(sql, ann, "bread", to(5, 10), { weather: "sunny" });
  // Three times, though on three days; often, though on one; and what is no weather.
  const bob = await addShopper(sql, "bob");
  const cat = await addShopper(sql, "cat");
  for (const what of ["soup", "bread", "salad"]) await buy(sql, cat, what, [1, 1, 1], { weather: "rainy" });
  await buy(sql, cat, "bread", to(5), { weather: "rainy" });
  await buy(sql, cat, "salad", to(5, 10), {});
  await buy(sql, bob, "soup", to(3), { weather: "snowy" });
  await buy(sql, bob, "soup", [20, 20, 20, 20, 20], { weather: "hot" });
  await buy(sql, bob, "bread", to(5), { weather: "Cats & dogs", meal: 7 });
  await learn(sql, ann, bob, cat);

  const rain = await tastes(sql, ann, "weather:rainy");
  assert.deepEqual([...rain.keys()].sort(), ["salad", "soup"], "that it rains says nothing of bread");
  assert.ok(rain.get("soup")!.pull > 0.4, JSON.stringify([...rain]));
  assert.ok(rain.get("salad")!.pull < -0.5, JSON.stringify([...rain]));
  assert.ok((await tastes(sql, ann, "weather:sunny")).get("soup")!.pull < -0.5);
  assert.ok((await tastes(sql, ann, "meal:dinner")).get("soup")!.pull > 0.4);
  assert.deepEqual(await tastes(sql, ann, "weather:cold"), new Map());
  const known = await sql<{ moment: string }[]>`
    select distinct moment from personalization.moment_patterns where subject_id = ${bob} and moment !~ '^(daypart|days):'`;
  assert.deepEqual([...known], []);
  const once = await tastes(sql, cat, "weather:rainy");
  assert.deepEqual([once.has("bread"), once.has("soup")], [true, false], "one rainy day with soup");

  const [row] = await sql`
    select m.share, m.usual, m.events from personalization.moment_patterns m
    where m.moment = 'weather:rainy' and m.category_id = ${idOf("category", "soup")}`;
  assert.deepEqual({ ...row }, { share: 0.5, usual: 0.25, events: 10 });
});

Deno.test("as far as little is known of somebody at a moment, their segment's taste counts, and else everybody's", async () => {
  await using database = await testDatabase();
  const { sql } = database;
  await stockMarket(sql, market);
  const names = ["ann", "bob", "cat", "dan", "eve"];
  const ids = new Map<string, string>();
  for (const name of names) ids.set(name, await addShopper(sql, name));
  const [ann, bob, cat, dan, eve] = names.map((name) => ids.get(name)!) as [string, string, string, string, string];
  await sql`
    insert into personalization.segments (subject_id, behaviour, taste, since, review_at)
    select s.id, case when s.id = ${eve} then 'new' else 'regular' end, case when s.id = any (${[
    ann,
    bob,
    cat,
  ]}) then 1 end, now(), now()
    from personalization.subjects s`;
  for (const who of [ann, bob, cat]) {
    await buy(sql, who, "soup", to(5), { weather: "rainy" });
    await buy(sql, who, "salad", to(5, 10), { weather: "sunny" });
  }
  await buy(sql, dan, "bread", to(5), { weather: "rainy" });
  await buy(sql, dan, "salad", to(5, 10), {});
  await learn(sql, ann, bob, cat, dan, eve);
  await sql`select personalization.learn_segment_moments(now(), 3)`;

  const rainOf = async (who: string | null) => await tastes(sql, who, "weather:rainy");
  const others = (await rainOf(eve)).get("soup")!;
  const ofDan = await rainOf(dan);
  assert.deepEqual([ofDan.get("bread")!.is_own, ofDan.get("soup")!.is_own], [true, false]);
  assert.ok(Math.abs(ofDan.get("soup")!.pull - others.pull * 8 / (8 + 5)) < 1e-6, JSON.stringify([...ofDan]));
  assert.ok(others.pull > 0.2 && !others.is_own, JSON.stringify(others));
  assert.deepEqual((await rainOf(null)).get("soup"), others);
  await sql`update personalization.segments set taste = 1 where subject_id = ${eve}`;
  await sql`update personalization.segment_moment_patterns set lift = 1.2 where segment = 'taste:1'`;
  assert.ok((await rainOf(eve)).get("soup")!.pull < others.pull, "those of her taste are nearer to her than everybody");
  await sql`update personalization.subjects set is_session = true where id = ${cat}`;
  await sql`select personalization.learn_segment_moments(now(), 3)`;
  assert.equal(
    (await rainOf(null)).has("soup"),
    false,
    "two users and a session, which cost nothing to make, are no three",
  );
  await sql`update personalization.subjects set is_session = false where id = ${cat}`;
  await sql`select personalization.learn_segment_moments(now(), 4)`;
  assert.equal((await rainOf(null)).size > 0 && (await rainOf(null)).has("soup"), false, "three are too few");

  // What is wanted at one of two moments, and not at the other, is somewhere between.
  const both = await tastes(sql, ann, "weather:rainy", "weather:sunny");
  assert.ok(Math.abs(both.get("soup")?.pull ?? 0) < 0.5, JSON.stringify([...both]));

  await sql`update personalization.subjects set muted_traits = '{category:soup}' where id = ${ann}`;
  assert.deepEqual([...(await rainOf(ann)).keys()], ["salad"]);
  await sql`update personalization.subjects set muted_traits = '{category:*}' where id = ${ann}`;
  assert.equal((await rainOf(ann)).size, 0);
  await sql`update personalization.subjects set muted_traits = '{}', opted_out_at = now() where id = ${ann}`;
  assert.ok([...(await rainOf(ann)).values()].every(({ is_own }) => !is_own));
});

Deno.test("what is learned of moments is exported, moves along with a session, and goes with an erasure or an opt-out", async () => {
  await using database = await testDatabase();
  const { sql } = database;
  await stockMarket(sql, market);
  const ann = await addShopper(sql, "ann");
  const key = "session-key-of-somebody-0001";
  const [session] = await sql`
    insert into personalization.subjects (id, is_session) values (personalization.session_subject(${key}), true) returning id`;
  await buy(sql, session!.id, "soup", to(5), { weather: "rainy" });
  await buy(sql, session!.id, "salad", to(5, 10), { weather: "sunny" });
  await learn(sql, session!.id);
  const as = <Row>(statement: (tx: postgres.TransactionSql) => Promise<Row[]>) =>
    sql.begin(async (tx) => {
      await tx`select set_config('request.jwt.claims', ${JSON.stringify({ sub: ann, role: "authenticated" })}, true)`;
      await tx`set local role authenticated`;
      return await statement(tx);
    });
  const rows = async () =>
    (await sql`select distinct subject_id from personalization.moment_patterns`).map(({ subject_id }) => subject_id);
  assert.deepEqual(await rows(), [session!.id]);
  await as((tx) => tx`select personalization.merge_session(${key})`);
  assert.deepEqual(await rows(), [ann]);
  const [asked] = await as((tx) =>
    tx<{ found: unknown[] }[]>`select personalization.caller_moments(null, '{weather:rainy}') as found`
  );
  assert.ok(asked!.found.length > 0);
  const [exported] = await as((tx) =>
    tx<{ whole: { elsewhere: Record<string, unknown[]> } }[]>`
      select personalization.export_me(null, null, null, 10) as whole`
  );
  assert.ok(exported!.whole.elsewhere["personalization.moment_patterns"]!.length > 0);

  await sql`update personalization.subjects set opted_out_at = now() where id = ${ann}`;
  await sql`select personalization.forget_learned(now(), 24)`;
  assert.deepEqual(await rows(), []);
  await learn(sql, ann);
  assert.deepEqual(await rows(), [], "nor is it learned again");
  await sql`update personalization.subjects set opted_out_at = null where id = ${ann}`;
  await learn(sql, ann);
  assert.deepEqual(await rows(), [ann]);
  await as((tx) => tx`select personalization.forget_me(null)`);
  assert.deepEqual(await rows(), []);
});

Deno.test("the hours of a day are of the same part in what is learned and in what is asked", async () => {
  await using database = await testDatabase();
  const { sql } = database;
  for (let hour = 0; hour < 24; hour++) {
    const at = new Date(Date.UTC(2026, 10, 26, hour, 30));
    for (const zone of ["UTC", "Asia/Kathmandu"]) {
      const [row] = await sql`
        select 'daypart:' || personalization.daypart(${at}, ${zone}) as daypart`;
      assert.equal(momentsOf({ timeZone: zone }, at)[0], row!.daypart, `${hour} ${zone}`);
    }
  }
});
