import assert from "node:assert/strict";
import type postgres from "postgres";
import { jobDatabase } from "./jobs/jobDatabase.ts";
import { addEvents, dying, idOf, plantLearningMarket, wakeLearning } from "./learning/learningMarket.ts";

const job = "personalization-daily";
const day = 86_400_000;

async function learnedDatabase(payload: Record<string, unknown> = { leastCases: 5 }) {
  const database = await jobDatabase({ keepSchedules: true });
  await plantLearningMarket(database.sql);
  await database.sql`
    update resilience.job_schedules set max_attempts = 100, payload = ${
    JSON.stringify(payload)
  }::text::jsonb where name = ${job}`;
  return database;
}

async function models(sql: postgres.Sql) {
  return await sql<{ version: string; status: string; metrics: Record<string, number | string | null> }[]>`
    select version, status, metrics from recommendations.item_models order by version`;
}

/** All that daily learning has made, without versions and moments. */
async function learned(sql: postgres.Sql) {
  return {
    neighbours: await sql`
      select n.product_id, n.neighbour_ids[:5] as first, round(n.weights[1]::numeric, 4) as weight from recommendations.neighbours n
      join recommendations.item_models m on m.version = n.version and m.status = 'active' order by 1`,
    relations: await sql`
      select category_id, other_id, kind, baskets, round(lift::numeric, 3) as lift from recommendations.category_relations order by 1, 3, 2`,
    prices: await sql`
      select subject_id, level, round(percentile::numeric, 3) as percentile, purchases from personalization.price_sensitivities order by 1`,
    seasons: await sql`
      select kind, id, month, round(index::numeric, 3) as index from personalization.seasonal_patterns order by 1, 2, 3`,
  };
}

Deno.test("a day's learning takes a model live that knows what goes together, and finds prices, relations and seasons", async () => {
  await using database = await learnedDatabase();
  const { sql } = database;
  const result = await wakeLearning(database, job);
  assert.equal(result.status, "succeeded", JSON.stringify(result));
  const [model] = await models(sql);
  assert.equal(model?.status, "active", JSON.stringify(model));
  assert.ok(Number(model?.metrics.ndcg) > Number(model?.metrics.popularityNdcg), JSON.stringify(model));
  const { neighbours, relations, prices, seasons } = await learned(sql);
  const numberOf = (id: string) => Number.parseInt(id.slice(-2), 16);
  // The categories were planted: neighbours are of one's own.
  const kin = neighbours.filter(({ product_id, first }) => numberOf(first[0]) % 4 === numberOf(product_id) % 4);
  assert.ok(neighbours.length >= 30 && kin.length >= neighbours.length * 0.8, `${kin.length} of ${neighbours.length}`);
  assert.ok(neighbours.every(({ product_id, first }) => !first.includes(product_id)));
  assert.ok(relations.some(({ kind }) => kind === "together") && relations.some(({ kind }) => kind === "after"));
  // The first products of each category are its cheapest, and the ones that are wanted most.
  assert.equal(prices.length, 120);
  assert.ok(
    prices.filter(({ level }) => level === "low").length > prices.filter(({ level }) => level === "high").length,
  );
  assert.ok(seasons.length > 0);
  const left = await sql`
    select (select count(*) from recommendations.model_items) + (select count(*) from recommendations.model_histories)
      + (select count(*) from recommendations.model_cases) + (select count(*) from recommendations.model_blocks) as rows`;
  assert.equal(Number(left[0]?.rows), 0, "a training leaves nothing behind");
  const again = await wakeLearning(database, job);
  assert.deepEqual(again.status === "succeeded" && again.outcome, { isDoneBefore: true });
});

Deno.test("killed before commits and handed over after chunks, daily learning comes to the same", async () => {
  await using database = await learnedDatabase({ leastCases: 5, chunkSubjects: 20 });
  const { sql } = database;
  const scheduledFor = new Date();
  const uncut = await wakeLearning(database, job, { scheduledFor });
  const whole = await learned(sql);
  await sql`truncate personalization.learning_windows, personalization.learning_marks, personalization.price_percentiles,
    personalization.price_sensitivities, recommendations.item_models cascade`;
  await sql`delete from resilience.job_runs`;
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
  assert.ok(deaths > 8, `only ${deaths} interruptions`);
  assert.deepEqual(await learned(sql), whole);
  assert.equal((await models(sql)).length, 1);
});

Deno.test("a version that is worse than the active one is rejected with an alert, and the active one stays", async () => {
  await using database = await learnedDatabase();
  const { sql } = database;
  const now = Date.now();
  await wakeLearning(database, job, { scheduledFor: new Date(now - day) });
  const [first] = await models(sql);
  assert.equal(first?.status, "active");
  // The active one is made to know what those who are tested will want; the training cannot.
  await sql`
    update recommendations.item_models set started_at = now() - interval '20 days', activated_at = now() where version = ${
    first!.version
  }`;
  await sql`
    insert into recommendations.neighbours (version, product_id, neighbour_ids, weights)
    select ${first!.version}, p.id, array[${idOf("product", 39)}::uuid], array[9] from public.products p
    on conflict (version, product_id) do update set neighbour_ids = excluded.neighbour_ids, weights = excluded.weights`;
  await addEvents(
    sql,
    Array.from({ length: 120 }, (_, subject) => {
      return { subject, product: 39, signal: "purchase", strength: 0.8, daysAgo: 0.5 };
    }).filter(({ subject }) => subject % 10 === 0 || subject % 3 === 0),
  );
  await sql`delete from personalization.interactions i where i.product_id = ${
    idOf("product", 39)
  } and i.occurred_at < now() - interval '1 day'`;
  await wakeLearning(database, job, { scheduledFor: new Date(now) });
  const [active, rejected] = await models(sql);
  assert.deepEqual([active?.status, rejected?.status], ["active", "rejected"], JSON.stringify([active, rejected]));
  assert.equal(rejected?.metrics.reason, "worse_than_active");
  const alerts = await sql`select key, state from resilience.alerts`;
  assert.deepEqual(alerts.map((row) => ({ ...row })), [{ key: "model_rejected:item-model", state: "open" }]);
  const kept = await sql`select distinct version from recommendations.neighbours`;
  assert.deepEqual(kept.map(({ version }) => version), [active!.version], "a rejected version leaves no neighbours");
});

Deno.test("where nobody has wanted anything, nothing goes live and nothing fails", async () => {
  await using database = await jobDatabase({ keepSchedules: true });
  const { sql } = database;
  const result = await wakeLearning(database, job);
  assert.equal(result.status, "succeeded", JSON.stringify(result));
  const [model] = await models(sql);
  assert.deepEqual([model?.status, model?.metrics.reason], ["rejected", "nothing_to_learn"]);
  assert.equal((await wakeLearning(database, "personalization-hourly")).status, "succeeded");
  assert.deepEqual([...await sql`select 1 from resilience.alerts`], []);
});

Deno.test("what is kept for the test is not trained on", async () => {
  await using database = await learnedDatabase();
  const { sql } = database;
  for (let life = 0;; life++) {
    assert.ok(life < 40, "it never comes to the ties");
    const result = await wakeLearning(database, job, { mostChunks: 1 });
    if (result.status === "paused" && result.progress?.step === "ties") break;
  }
  const [found] = await sql`
    select count(*)::int as cases, count(*) filter (where cardinality(c.history) * 4 <> length(h.items))::int as other,
      count(*) filter (where exists (
        select 1 from generate_series(0, length(h.items) / 4 - 1) k where substring(h.items from k * 4 + 1 for 4) = int4send(m.no)))::int as seen
    from recommendations.model_cases c
    join recommendations.model_histories h on h.version = c.version and h.no = c.no
    join recommendations.model_items m on m.version = c.version and m.product_id = c.wanted`;
  assert.deepEqual({ ...found }, { cases: 12, other: 0, seen: 0 });
});
