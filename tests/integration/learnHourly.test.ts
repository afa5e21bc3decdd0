import assert from "node:assert/strict";
import type postgres from "postgres";
import { addProduct } from "../harness/marketOf.ts";
import { jobDatabase } from "./jobs/jobDatabase.ts";
import { addEvents, dying, idOf, plantLearningMarket, wakeLearning } from "./learning/learningMarket.ts";

const job = "personalization-hourly";
const hour = 3_600_000;

async function learnedDatabase() {
  const database = await jobDatabase({ keepSchedules: true });
  await plantLearningMarket(database.sql);
  return database;
}

/** All that hourly learning has made, without its moments. */
async function learned(sql: postgres.Sql) {
  return {
    popularity: await sql`
      select product_id, round(popularity::numeric, 3) as popularity, round(trend::numeric, 3) as trend, clicks, purchases
      from personalization.product_popularity order by 1`,
    associations: await sql`
      select product_id, other_id, orders, round(lift::numeric, 3) as lift from recommendations.associations order by 1, 2`,
    segments: await sql`select subject_id, behaviour, taste from personalization.segments order by 1`,
    favourites: await sql`
      select segment, product_id, round(score::numeric, 2) as score, subjects from personalization.segment_favourites order by 1, 2`,
    moments: await sql`
      select subject_id, moment, category_id, round(lift::numeric, 3) as lift from personalization.moment_patterns order by 1, 2, 3`,
    segmentMoments: await sql`
      select segment, moment, category_id, round(pull::numeric, 3) as pull from personalization.segment_moment_patterns order by 1, 2, 3`,
    snapshots: await sql`
      select subject_id, trait, round(score::numeric, 1) as score from personalization.preference_changes order by 1, 2`,
  };
}

/** As if nothing had been learned yet. */
async function forgetAll(sql: postgres.Sql): Promise<void> {
  await sql`
    truncate personalization.product_popularity, personalization.product_days, recommendations.associations, personalization.segments,
      personalization.segment_favourites, personalization.segment_moment_patterns, personalization.moment_patterns,
      personalization.taste_clusters, personalization.preference_changes, personalization.learning_windows,
      personalization.learning_marks`;
  await sql`delete from resilience.job_runs`;
}

Deno.test("an hour's learning finds what was planted, and a second wake-up within the hour does nothing", async () => {
  await using database = await learnedDatabase();
  const { sql } = database;
  const result = await wakeLearning(database, job);
  assert.equal(result.status, "succeeded", JSON.stringify(result));
  const found = await learned(sql);
  // Each category's first products are wanted most.
  const popular = [...found.popularity].sort((a, b) => Number(b.popularity) - Number(a.popularity)).slice(0, 8);
  const firsts = Array.from({ length: 12 }, (_, no) => idOf("product", no));
  for (const { product_id } of popular) assert.ok(firsts.includes(product_id), product_id);
  // What was planted to go together is the strongest association of most products.
  const partners = await sql`
    select distinct on (product_id) product_id, other_id from recommendations.associations order by product_id, orders desc`;
  const numberOf = (id: string) => Number.parseInt(id.slice(-2), 16);
  const planted = partners.filter(({ product_id, other_id }) =>
    Math.abs(numberOf(product_id) - numberOf(other_id)) % 32 === 4
  );
  assert.ok(
    planted.length >= partners.length * 0.7 && partners.length >= 20,
    `${planted.length} of ${partners.length}`,
  );
  // Four tastes were planted; shoppers of one are in clusters of their own.
  const kinds = new Map<number, number[]>();
  for (const { subject_id, taste } of found.segments) {
    const members = kinds.get(taste) ?? [0, 0, 0, 0];
    members[numberOf(subject_id) % 4]! += 1;
    kinds.set(taste, members);
  }
  const alike = [...kinds.values()].reduce((sum, members) => sum + Math.max(...members), 0);
  assert.ok(kinds.size >= 4 && alike >= 110, JSON.stringify([...kinds]));
  assert.deepEqual(new Set(found.segments.map(({ behaviour }) => behaviour)), new Set(["regular"]));
  assert.equal(found.segments.length, 120);
  assert.ok(found.favourites.some(({ segment }) => segment === "everyone"));
  assert.ok(found.favourites.some(({ segment }) => segment === "behaviour:regular"));
  assert.ok(found.favourites.every(({ subjects }) => subjects >= 3));
  assert.ok(found.moments.length > 120 && found.snapshots.length > 120);

  const again = await wakeLearning(database, job);
  assert.deepEqual(again.status === "succeeded" && again.outcome, { isDoneBefore: true });
});

Deno.test("killed before commits and handed over after chunks, hourly learning comes to the same", async () => {
  await using database = await learnedDatabase();
  const { sql } = database;
  const scheduledFor = new Date();
  const uncut = await wakeLearning(database, job, { scheduledFor });
  const whole = await learned(sql);
  await forgetAll(sql);
  await sql`update resilience.job_schedules set max_attempts = 100, payload = '{"chunkSubjects": 30}' where name = ${job}`;
  let deaths = 0;
  for (let life = 0;; life++) {
    assert.ok(life < 200, "it never ends");
    const isCut = life % 2 === 0;
    const admin = isCut ? dying(database.admin, 1 + life % 3, life % 4 === 0) : database.admin;
    const result = await wakeLearning(database, job, { scheduledFor, admin, ...(isCut ? {} : { mostChunks: 2 }) });
    if (result.status === "succeeded") {
      // What a dead runner did is counted once.
      assert.deepEqual(result.outcome, uncut.status === "succeeded" && uncut.outcome);
      break;
    }
    assert.equal(result.status, isCut ? "failed" : "paused");
    deaths++;
  }
  assert.ok(deaths > 10, `only ${deaths} interruptions`);
  assert.deepEqual(await learned(sql), whole);
});

Deno.test("an hour later only those are looked at of whom something arrived; who opted out is forgotten", async () => {
  await using database = await learnedDatabase();
  const { sql } = database;
  const now = Date.now();
  await wakeLearning(database, job, { scheduledFor: new Date(now - hour) });
  await sql`update personalization.learning_marks set read_until = now() - interval '4 minutes'`;
  await sql`update personalization.subjects set opted_out_at = now() where id = ${idOf("subject", 7)}`;
  const [tea] = await sql`insert into public.categories (slug, name) values ('tea', 'Tea') returning id`;
  const [vendor] = await sql`select id from public.vendors`;
  await addProduct(sql, { id: idOf("product", 99), vendorId: vendor!.id, categoryId: tea!.id });
  // Half past nine in the evening in UTC is morning in Tokyo; a zone that is none is UTC. All that this shopper did is at an hour
  // of its own, whenever the test runs: what somebody wants in the morning depends on all they do then.
  await sql`insert into personalization.subjects (id) values (${idOf("subject", 200)})`;
  const daysSince = (hourOfYesterday: number) =>
    (now - new Date(now).setUTCHours(0, 0, 0, 0)) / 86_400_000 + 1 - hourOfYesterday / 24;
  const click = { subject: 200, signal: "click", strength: 0.2 };
  await addEvents(sql, [
    ...[1, 2, 3, 4].flatMap((day) => [
      { ...click, product: 1, daysAgo: daysSince(13) + day, zone: "UTC" },
      { ...click, product: 99, daysAgo: daysSince(21.5) + day, zone: "Asia/Tokyo" },
      { ...click, product: 99, daysAgo: daysSince(21.5) + day, zone: "no/zone" },
    ]),
    ...[0, 1, 2].map(() => ({ subject: 9, product: 1, signal: "bulk_purchase", strength: 1.2, daysAgo: 1 })),
    ...[0, 1, 2].map(() => ({ subject: 9, product: 5, signal: "bulk_purchase", strength: 1.2, daysAgo: 1 })),
  ]);
  await sql`update personalization.interactions set received_at = now() - interval '2 minutes' where received_at > now() - interval '6 minutes'
    and (context <> '{}' or signal = 'bulk_purchase')`;
  const result = await wakeLearning(database, job, { scheduledFor: new Date(now) });
  assert.equal(result.status, "succeeded");
  assert.equal(result.status === "succeeded" && "counts" in result.outcome && result.outcome.counts.subjects, 2);
  const [bulk] = await sql`select behaviour from personalization.segments where subject_id = ${idOf("subject", 9)}`;
  assert.equal(bulk?.behaviour, "bulk");
  const dayparts = await sql`
    select t.moment from personalization.moment_patterns t join public.categories c on c.id = t.category_id
    where t.subject_id = ${
    idOf("subject", 200)
  } and c.slug = 'tea' and t.moment like 'daypart:%' and t.lift > 1 order by 1`;
  assert.deepEqual(dayparts.map(({ moment }) => moment), ["daypart:evening", "daypart:morning"]);
  const rest = await sql`
    select count(*)::int as rows from (
      select subject_id from personalization.segments union all select subject_id from personalization.moment_patterns
      union all select subject_id from personalization.preference_changes) r where subject_id = ${idOf("subject", 7)}`;
  assert.equal(rest[0]?.rows, 0);
});

Deno.test("shoppers may neither read what was learned of everybody nor make it anew", async () => {
  await using database = await jobDatabase({ keepSchedules: true });
  const { sql } = database;
  const statements = [
    "select * from personalization.segments",
    "select * from personalization.moment_patterns",
    "select personalization.moment_tastes(null, '{weather:rainy}')",
    "select * from personalization.preference_changes",
    "select * from recommendations.model_cases",
    "delete from personalization.learning_windows",
    "select personalization.learn_behaviours('{}', now())",
    "select personalization.collect_changes(now(), now(), 60)",
    "select recommendations.settle_model(1, true, '{}')",
  ];
  for (const role of ["anon", "authenticated"]) {
    for (const statement of statements) {
      const attempt = sql.begin(async (tx) => {
        await tx.unsafe(`set local role ${role}`);
        await tx.unsafe(statement);
      });
      await assert.rejects(attempt, { code: "42501" }, `${role}: ${statement}`);
    }
  }
});

Deno.test("a click far down a list counts for more, by what places have been worth so far", async () => {
  await using database = await learnedDatabase();
  const { sql } = database;
  await sql`delete from personalization.interactions`;
  // Two products change places; the first place is clicked twice as often, whichever of them is there.
  const lists = Array.from({ length: 400 }, (_, no) => ({
    id: crypto.randomUUID(),
    subject: idOf("subject", no % 100),
    products: no % 2 === 0 ? [idOf("product", 0), idOf("product", 4)] : [idOf("product", 4), idOf("product", 0)],
    position: no % 10 < 4 ? 1 : no % 10 < 6 ? 2 : null,
  }));
  await sql`
    insert into personalization.shown_lists (id, subject_id, source, kind, product_ids, shown_at)
    select l.id, l.subject, 'search', 'search', l.products, now() - interval '1 day'
    from json_to_recordset(${JSON.stringify(lists)}::text::json) l(id uuid, subject uuid, products uuid[])`;
  await sql`
    insert into personalization.interactions (event_id, occurred_at, received_at, subject_id, signal, product_id, strength, list_id,
      position, raw)
    select gen_random_uuid(), now() - interval '23 hours', now() - interval '5 minutes', l.subject, 'click', l.products[l.position], 0.2,
      l.id, l.position, '{}'
    from json_to_recordset(${JSON.stringify(lists)}::text::json)
      l(id uuid, subject uuid, products uuid[], position smallint) where l.position is not null`;
  assert.equal((await wakeLearning(database, job)).status, "succeeded");
  const places =
    await sql`select position, round(propensity::numeric, 2) as propensity from personalization.position_propensities order by 1`;
  assert.deepEqual(places.map((row) => ({ ...row })), [{ position: 1, propensity: "1.00" }, {
    position: 2,
    propensity: "0.50",
  }]);
  const [sums] = await sql`
    select sum(clicks)::int as clicks, round(sum(fair_clicks)::numeric) as fair, sum(views)::int as views from personalization.product_days`;
  // Each of the 100 shoppers clicked at one place; a click at the second counts two.
  const [planted] = await sql`
    select count(*)::int as clicks, sum(case position when 2 then 2 else 1 end)::int as fair
    from (select distinct subject_id, product_id, position from personalization.interactions) c`;
  assert.deepEqual([sums?.clicks, Number(sums?.fair), sums?.views], [planted?.clicks, planted?.fair, 200]);
  assert.ok(planted?.fair > planted?.clicks);
});
