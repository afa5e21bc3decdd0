import assert from "node:assert/strict";
import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import { createSqlClient } from "../../supabase/functions/_shared/db/sqlClient.ts";
import { driverDatabase } from "../../supabase/functions/_shared/db/driverDatabase.ts";
import { postgresMetricsReader } from "../../supabase/functions/_shared/monitor/postgresMetricsReader.ts";
import { createPerformanceMonitor } from "../../supabase/functions/_shared/performanceMonitor.ts";
import { seededRandom } from "../../supabase/functions/_shared/random/seededRandom.ts";
import { causedBy } from "../../supabase/functions/_shared/telemetry/causeScope.ts";
import { KernelHub } from "../../supabase/functions/_shared/telemetry/kernelHub.ts";
import { type TestDatabase, testDatabase } from "../harness/testDatabase.ts";
import { frameOf, recordFrames, rollUpAll } from "./metricsFixture.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** Noon, so that an hour and a day are not over by accident. */
const noon = Date.UTC(2026, 4, 20, 12);

const readerOf = ({ sql }: TestDatabase) => postgresMetricsReader(driverDatabase(sql).sql);

/** What a window says, in figures that can be compared. */
async function figures(database: TestDatabase, fromMs: number, toMs: number, prefix?: string) {
  const { series, counters } = await readerOf(database).read({ fromMs, toMs }, prefix);
  return {
    counters: Object.fromEntries(counters),
    series: series.map(({ functionName, operation, count, failures, sumMs, minMs, maxMs, quantileMs }) => [
      [functionName, operation, count, failures, Math.round(sumMs * 1_000), minMs, maxMs],
      [0.5, 0.95, 0.99].map((share) => quantileMs(share)),
    ]),
  };
}

Deno.test("a write that is sent twice, or more of it than last time, is taken once, also long after it was merged", async () => {
  await using database = await testDatabase();
  const { sql } = database;
  const writer = crypto.randomUUID();
  const event = { at: noon, fn: "orders", kind: "shed", subject: "ai", n: 1 };
  const slow = { at: noon, fn: "orders", op: "db.insert", ms: 900, failed: false };
  const first = frameOf(1, noon, { "db.insert": [5, 900] }, { counters: { hits: 2 }, events: [event], slow: [slow] });
  const second = frameOf(2, noon, { "db.insert": [7] }, { counters: { hits: 1 } });
  assert.equal(await recordFrames(sql, writer, [first], noon), 1);
  assert.equal(await recordFrames(sql, writer, [first], noon), 0);
  assert.equal(await recordFrames(sql, writer, [first, second], noon), 1);
  // What was on its way for long may come behind what was sent later.
  assert.equal(await recordFrames(sql, writer, [first], noon), 0);
  assert.equal(await recordFrames(sql, writer, [first, second], noon), 0);
  await rollUpAll(sql, noon + hour);
  assert.equal(await recordFrames(sql, writer, [first, second], noon + hour), 0);
  const { series, counters } = await readerOf(database).read({ fromMs: noon, toMs: noon + minute });
  assert.deepEqual(series.map(({ count, sumMs }) => [count, sumMs]), [[3, 912]]);
  assert.equal(counters.get("hits"), 3);
  const [row] = await sql`select (select count(*)::integer from resilience.kernel_events) as events,
    (select count(*)::integer from resilience.slow_operations) as slow`;
  assert.deepEqual({ ...row }, { events: 1, slow: 1 });
});

Deno.test("two writes of one isolate at once, of which the first was given up, are taken one after the other", async () => {
  await using database = await testDatabase();
  const writer = crypto.randomUUID();
  const frame = frameOf(1, noon, { "db.insert": [5] });
  const taken = await Promise.all([1, 2, 3, 4].map(() => recordFrames(database.sql, writer, [frame], noon)));
  assert.deepEqual(taken.sort(), [0, 0, 0, 1]);
});

Deno.test("what is no measurement is refused, whole", async () => {
  await using database = await testDatabase();
  const { sql } = database;
  const good = frameOf(1, noon, { "db.insert": [5, 7] });
  const [series] = good.series;
  const bad = (changes: object) => ({ ...good, series: [{ ...series!, ...changes }] });
  const cases = [
    bad({ n: 3 }),
    bad({ counts: [2, 0] }),
    bad({ counts: [3, -1] }),
    bad({ keys: [1, null] }),
    bad({ counts: [2, null] }),
    bad({ keys: [1] }),
    bad({ keys: [], counts: [], n: 0, failed: 0 }),
    bad({ failed: 3 }),
    bad({ min: -1 }),
    bad({ max: "NaN" }),
    bad({ sum: "Infinity" }),
    bad({ squares: "NaN" }),
    bad({ op: "" }),
    bad({ op: "x".repeat(201) }),
    bad({ fn: "x".repeat(101) }),
    { ...good, trials: Array.from({ length: 17 }, (_, at) => `t${at}`) },
    { ...good, counters: { odd: "NaN" } },
    { ...good, counters: { "": 1 } },
    { ...good, events: [{ at: noon, fn: "", kind: "No Kind", subject: "x", n: 1 }] },
    { ...good, slow: [{ at: noon, fn: "", op: "x", ms: 600, failed: false, shape: "x".repeat(501) }] },
  ];
  for (const frame of cases) {
    await assert.rejects(
      recordFrames(sql, crypto.randomUUID(), [frame as typeof good], noon),
      (error: { code?: string }) => ["23514", "22023", "22P02", "23502"].includes(error.code!),
      JSON.stringify(frame),
    );
  }
  await assert.rejects(recordFrames(sql, crypto.randomUUID(), [], noon), /Cannot record telemetry/);
  const [row] = await sql`select (select count(*)::integer from resilience.metric_samples) as samples,
    (select count(*)::integer from resilience.telemetry_writers) as writers`;
  assert.deepEqual({ ...row }, { samples: 0, writers: 0 });
  assert.equal(await recordFrames(sql, crypto.randomUUID(), [good], noon), 1);
});

Deno.test("an isolate's clock is believed within a day, and never beyond now", async () => {
  await using database = await testDatabase();
  const { sql } = database;
  const frames = [-3 * day, -hour, 5 * hour].map((off, at) => frameOf(at + 1, noon + off, { x: [1] }));
  await recordFrames(sql, crypto.randomUUID(), frames, noon + 30_000);
  const rows = await sql`select starts_at from resilience.metric_samples order by id`;
  assert.deepEqual(rows.map(({ starts_at }) => starts_at.getTime() - noon), [-day, -hour, 0]);
});

Deno.test("a window says the same before and after each merge, and its quantiles are within 1 % of the exact ones", async () => {
  await using database = await testDatabase();
  const { sql } = database;
  const seed = Math.floor(Math.random() * 2 ** 31);
  const random = seededRandom(seed);
  const from = noon - 12 * hour;
  const exact: number[] = [];
  const writers = Array.from({ length: 5 }, () => crypto.randomUUID());
  for (const [place, writer] of writers.entries()) {
    const frames = Array.from({ length: 40 }, (_, at) => {
      const durations = Array.from({ length: 20 }, () => Math.exp(random.next() * 10 - 3));
      exact.push(...durations);
      const minuteOfFrame = from + Math.floor(random.next() * 24 * 60) * minute;
      const trials = place % 2 === 0 ? ["t1"] : [];
      return frameOf(at + 1, minuteOfFrame, { "db.insert": durations, other: [1] }, { trials, counters: { hits: 1 } });
    });
    await recordFrames(sql, writer, frames, from + day);
  }
  const say = (to = from + day) => figures(database, from, to);
  const before = await say();
  exact.sort((one, other) => one - other);
  const [series] = (await readerOf(database).read({ fromMs: from, toMs: from + day })).series;
  assert.equal(series!.count, exact.length);
  for (const share of [0.5, 0.95, 0.99]) {
    const error = Math.abs(series!.quantileMs(share) / exact[Math.floor(share * (exact.length - 1))]! - 1);
    assert.ok(error <= 0.01, `seed ${seed}: ${error} at ${share}`);
  }
  assert.equal(before.counters.hits, 200);
  for (let pieces = 0; pieces < 6; pieces++) {
    await sql`select resilience.roll_up_samples(50)`;
    assert.deepEqual(await say(), before, `seed ${seed}`);
  }
  const computed = await rollUpAll(sql, from + day + hour);
  assert.equal(computed.filter((unit) => unit === "day").length, 1);
  assert.deepEqual(await say(), before, `seed ${seed}`);
  // A part of it, from minutes, hours and what is at the edges.
  const [odd, even] = [from + 90 * minute, from + 17 * hour + 13 * minute];
  const parts = await Promise.all([
    figures(database, from, odd),
    figures(database, odd, even),
    figures(database, even, from + day),
  ]);
  const hits = parts.map(({ counters }) => counters.hits ?? 0);
  assert.equal(hits.reduce((one, other) => one + other), 200, `seed ${seed}: ${hits}`);
  const [days] = await sql`select count(*)::integer as n, array_agg(distinct trials::text) as trials
    from resilience.metric_rollups where resolution = 'day'`;
  assert.deepEqual({ ...days }, { n: 2, trials: ["{}"] });
  const prefixed = await figures(database, from, from + day, "db.");
  assert.deepEqual([prefixed.series.length, prefixed.counters], [1, {}]);
});

Deno.test("what comes late is added to minutes, hours and days that were computed long ago", async () => {
  await using database = await testDatabase();
  const { sql } = database;
  const from = noon - 12 * hour;
  await recordFrames(sql, crypto.randomUUID(), [frameOf(1, from, { x: [1] }, { counters: { hits: 1 } })], from + hour);
  await rollUpAll(sql, from + 2 * day);
  // Calls in the hour that was computed, counts in another that had none.
  const late = frameOf(1, from + 10 * minute, { x: [100], y: [3] });
  const later = frameOf(2, from + 2 * hour, {}, { counters: { hits: 5 } });
  await recordFrames(sql, crypto.randomUUID(), [late, later], from + 23 * hour);
  const expected = { count: 2, hits: 6 };
  const say = async () => {
    const { series, counters } = await readerOf(database).read({ fromMs: from, toMs: from + day });
    return { count: series.find(({ operation }) => operation === "x")!.count, hits: counters.get("hits") };
  };
  assert.deepEqual(await say(), expected, "while it waits");
  await sql`select resilience.roll_up_samples(2000)`;
  assert.deepEqual(await say(), expected, "while hour and day are out of date");
  assert.deepEqual(await rollUpAll(sql, from + 2 * day), ["hour", "hour", "day"]);
  assert.deepEqual(await say(), expected, "once they are computed anew");
  const rows = await sql`select resolution, sum(calls)::integer as calls from resilience.metric_rollups
    where operation = 'x' group by resolution order by resolution`;
  assert.deepEqual(rows.map((row) => ({ ...row })), [
    { resolution: "day", calls: 2 },
    { resolution: "hour", calls: 2 },
    { resolution: "minute", calls: 2 },
  ]);
});

Deno.test("isolates on which a trial is in force are read apart from the rest, by the minute and by the hour", async () => {
  await using database = await testDatabase();
  const { sql } = database;
  const frames = [["t1", "t2"], ["t2"], []].map((trials, at) =>
    frameOf(at + 1, noon, { x: Array.from({ length: at + 1 }, () => 1) }, { trials, counters: { hits: 10 ** at } })
  );
  await recordFrames(sql, crypto.randomUUID(), frames, noon + minute);
  const say = async (id: string, isTreated: boolean) => {
    const { series, counters } = await readerOf(database).read({
      fromMs: noon,
      toMs: noon + hour,
      trial: { id, isTreated },
    });
    return [series[0]?.count ?? 0, counters.get("hits") ?? 0];
  };
  for (const step of ["samples", "minutes", "hours"]) {
    assert.deepEqual(await say("t1", true), [1, 1], step);
    assert.deepEqual(await say("t1", false), [5, 110], step);
    assert.deepEqual(await say("t2", true), [3, 11], step);
    assert.deepEqual(await say("t3", true), [0, 0], step);
    await rollUpAll(sql, step === "samples" ? noon + minute : noon + 2 * hour);
  }
});

Deno.test("what is old is forgotten in pieces, but nothing that has still to be merged", async () => {
  await using database = await testDatabase();
  const { sql } = database;
  const slow = { at: noon, fn: "", op: "x", ms: 900, failed: false };
  const frame = frameOf(1, noon, { x: [1], y: [1], z: [1] }, { counters: { hits: 1 }, slow: [slow] });
  await recordFrames(sql, crypto.randomUUID(), [frame], noon);
  await sql`select resilience.roll_up_samples(2000)`;
  const purge = async (moment: number) => {
    const [row] = await sql`
      select resilience.purge_metrics(2, p_moment => ${new Date(moment)}::timestamptz) as doomed`;
    return row!.doomed;
  };
  const kept = async () => {
    const rows =
      await sql`select resolution, count(*)::integer as n from resilience.metric_rollups group by 1 order by 1`;
    return Object.fromEntries(rows.map(({ resolution, n }) => [resolution, n]));
  };
  assert.equal(await purge(noon + 3 * day), 1, "the isolate alone: its hour is not computed");
  assert.deepEqual(await kept(), { minute: 3 });
  await rollUpAll(sql, noon + 3 * day);
  assert.deepEqual([await purge(noon + 3 * day), await purge(noon + 3 * day)], [3, 1]);
  assert.deepEqual(await kept(), { day: 3, hour: 3 });
  while (await purge(noon + 36 * day) > 0);
  assert.deepEqual(await kept(), { day: 3 });
  assert.equal((await sql`select from resilience.slow_operations`).length, 0);
  while (await purge(noon + 399 * day) > 0);
  assert.deepEqual(await kept(), { day: 3 });
  while (await purge(noon + 402 * day) > 0);
  assert.deepEqual(await kept(), {});
});

Deno.test("nobody but the service may read or write what was measured", async () => {
  await using database = await testDatabase();
  for (const role of ["anon", "authenticated"]) {
    for (const statement of ["select from resilience.metric_rollups", "select resilience.roll_up_samples(1)"]) {
      await assert.rejects(
        database.sql.begin(async (sql) => {
          await sql`set local role ${sql(role)}`;
          await sql.unsafe(statement);
        }),
        (error: { code?: string }) => error.code === "42501",
      );
    }
  }
  await database.sql.begin(async (sql) => {
    await sql`set local role service_role`;
    await sql`select resilience.record_telemetry('x', ${crypto.randomUUID()}::uuid,
      ${sql.json({ frames: [frameOf(1, noon, { x: [1] })] } as never)}::jsonb)`;
    await sql`select resilience.roll_up_samples(10), resilience.roll_up_marked(), resilience.purge_metrics(10)`;
    await sql`select * from resilience.read_metrics(now() - interval '1 hour', now())`;
  });
});

Deno.test("createPerformanceMonitor takes a connection string, a client and a database; what one measures all read", async () => {
  await using database = await testDatabase();
  const client = createSqlClient({ url: database.url, isPooled: true, poolSize: 1, applicationName: "metrics-test" });
  await using _client = { [Symbol.asyncDispose]: () => client.close() };
  const platform = { waitUntil: () => {}, onRetire: () => {} };
  const monitors = [database.url, database.sql, adminDatabase(client)].map((source) =>
    createPerformanceMonitor(source, { platform, isolate: "i", slowMs: 1_000 })
  );
  await using _monitors = {
    [Symbol.asyncDispose]: async () => void await Promise.all(monitors.map((monitor) => monitor.close())),
  };
  for (const [place, monitor] of monitors.entries()) {
    causedBy({ requestId: "r1", functionName: "orders" }, () => {
      monitor.record("db.insert", 10 * (place + 1));
      monitor.called("db.update", 5_000, true, () => "update public.orders (total)");
      monitor.happened({ kind: "retry", subject: "public.orders", cause: "sqlstate:40P01", costMs: 3 });
    });
    monitor.count("heal.ai");
    assert.equal(await monitor.flush(), true);
  }
  for (const monitor of monitors) {
    const metrics = await monitor.getMetrics({ window: "5m" });
    assert.deepEqual([metrics.avgInsertDuration, metrics.aiFixRate, metrics.deterministicFixRate], [20, 1, 0]);
    const insert = metrics.series.find(({ operation }) => operation === "db.insert")!;
    assert.deepEqual([insert.functionName, insert.count, insert.maxMs], ["orders", 3, 30]);
    assert.ok(Math.abs(insert.p50Ms / 20 - 1) < 0.01);
  }
  const weekly = await monitors[0]!.getWeeklyMetrics();
  assert.deepEqual([weekly.thisWeek.avgInsertDuration, weekly.lastWeek.avgInsertDuration], [20, null]);
  assert.equal(weekly.changes.avgInsertDuration, null);
  const events = await database
    .sql`select kind, request_id, function_name, cause, cost_ms from resilience.kernel_events`;
  assert.deepEqual(
    events.map((row) => ({ ...row })),
    Array(3).fill({
      kind: "retry",
      request_id: "r1",
      function_name: "orders",
      cause: "sqlstate:40P01",
      cost_ms: 3,
    }),
  );
  const slow = await database.sql`select operation, shape, request_id from resilience.slow_operations`;
  assert.deepEqual({ ...slow[0] }, {
    operation: "db.update",
    shape: "update public.orders (total)",
    request_id: "r1",
  });
  assert.throws(() => createPerformanceMonitor({} as string), /Cannot open the monitor/);
});

Deno.test("an isolate that is about to go writes what it has, and an isolate's monitor can be watched by the kernel's hub", async () => {
  await using database = await testDatabase();
  const retiring: (() => void)[] = [];
  const background: Promise<unknown>[] = [];
  const platform = {
    waitUntil: (work: Promise<unknown>) => void background.push(work),
    onRetire: (listener: (reason: string) => void) => void retiring.push(() => listener("early_drop")),
  };
  const monitor = createPerformanceMonitor(database.sql, { platform });
  const hub = new KernelHub();
  hub.watch(monitor);
  hub.called("db.select", 4, false);
  hub.counted("cache.flags.hit");
  hub.happened({ kind: "trip", subject: "ai", ref: "circuit:ai:3", cause: "error:ETIMEDOUT" });
  for (const retire of retiring) retire();
  await Promise.all(background);
  const { series, counters } = await monitor.getMetrics({ window: "5m" });
  assert.deepEqual([series.map(({ operation }) => operation), counters], [["db.select"], { "cache.flags.hit": 1 }]);
  const events = await database.sql`select kind, ref, cause from resilience.kernel_events`;
  assert.deepEqual({ ...events[0] }, { kind: "trip", ref: "circuit:ai:3", cause: "error:ETIMEDOUT" });
});

Deno.test("trips are counted once each, an override is none, and changes of the schema are counted by when they were seen", async () => {
  await using database = await testDatabase();
  const { sql } = database;
  const change = async (circuit: string, epoch: number, phase: string, override: string | null = null) => {
    await sql`insert into resilience.circuit_changes (circuit, changed_at, changed_by, epoch, phase, trips, override)
      values (${circuit}, ${new Date(noon)}, 'x', ${epoch}, ${phase}, 1, ${override})`;
  };
  await change("ai", 1, "open");
  await change("ai", 1, "open", "closed");
  await change("ai", 2, "probing");
  await change("ai", 3, "open");
  await change("maps", 1, "open");
  await sql`
    with version as (
      insert into resilience.schema_versions (hash, snapshot, created_at)
      values (repeat('a', 64), '{}', ${new Date(noon)}) returning version
    )
    insert into resilience.schema_changes (version, kind, severity, subject, table_oid)
    select version, 'table_added', 'low', 'public.t' || n, n from version cross join generate_series(1, 3) n`;
  const monitor = createPerformanceMonitor(database.sql, { platform: { waitUntil: () => {}, onRetire: () => {} } });
  const inside = await monitor.getMetrics({ window: { fromMs: noon - hour, toMs: noon + hour } });
  assert.deepEqual([inside.circuitBreakerTrips, inside.schemaChangesDetected], [3, 3]);
  const outside = await monitor.getMetrics({ window: { fromMs: noon + 1, toMs: noon + hour } });
  assert.deepEqual([outside.circuitBreakerTrips, outside.schemaChangesDetected], [0, 0]);
  await assert.rejects(monitor.getMetrics({ window: { fromMs: noon, toMs: noon } }), /must begin before it ends/);
});
