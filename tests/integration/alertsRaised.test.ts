import assert from "node:assert/strict";
import { alerts, alertsDatabase, dispatch, passMinutes, raise, RecordingSink } from "./alertsFixture.ts";

Deno.test("an alert that is raised again counts up, and its severity only rises", async () => {
  await using database = await alertsDatabase();
  const first = await raise(database, "disk:full", "warning");
  assert.equal(await raise(database, "disk:full", "warning"), first);
  assert.equal(await raise(database, "disk:full", "critical"), first);
  await raise(database, "disk:full", "info");
  assert.deepEqual(await alerts(database), ["disk:full 1 open critical 4"]);
  const [row] = await database.sql`select title from resilience.alerts`;
  assert.equal(row?.title, "It is critical");
});

Deno.test("what rolls back is told to nobody", async () => {
  await using database = await alertsDatabase();
  const sink = new RecordingSink("pager");
  await assert.rejects(database.admin.transaction(async (sql) => {
    await sql`select resilience.raise_alert('disk:full', 'error', 'Full')`;
    throw new Error("no");
  }));
  await dispatch(database, [sink]);
  assert.deepEqual([await alerts(database), sink.kinds], [[], []]);
});

Deno.test("fifty at once raise one alert, whichever is faster, and each is counted", async () => {
  await using database = await alertsDatabase();
  await Promise.all(Array.from({ length: 50 }, () => raise(database, "disk:full")));
  const sink = new RecordingSink("pager");
  await dispatch(database, [sink]);
  assert.deepEqual(await alerts(database), ["disk:full 1 open error 50"]);
  assert.deepEqual(sink.kinds, ["raised disk:full error"]);
});

Deno.test("transactions that raise the same alerts in another order do not wait for each other", async () => {
  await using database = await alertsDatabase();
  const gate = () => ({ one: Promise.withResolvers<void>(), two: Promise.withResolvers<void>() });
  const [begun, crossed] = [gate(), gate()];
  type Side = "one" | "two";
  const raiseBoth = (keys: [string, string], mine: Side, theirs: Side) =>
    database.admin.transaction(async (sql) => {
      await sql`select resilience.raise_alert(${keys[0]}, 'error', 'x')`;
      begun[mine].resolve();
      await begun[theirs].promise;
      await sql`select resilience.raise_alert(${keys[1]}, 'error', 'x')`;
      // Neither commits before both have raised both: each has met a key that the other holds.
      crossed[mine].resolve();
      await crossed[theirs].promise;
    });
  await Promise.all([raiseBoth(["a:1", "b:1"], "one", "two"), raiseBoth(["b:1", "a:1"], "two", "one")]);
  const [aside] = await database.sql`select count(*)::int as n from resilience.alert_signals`;
  assert.equal(aside?.n, 2);
  await dispatch(database, []);
  assert.deepEqual(await alerts(database), ["a:1 1 open error 2", "b:1 1 open error 2"]);
});

Deno.test("a transaction of a stricter isolation raises without failing over it", async () => {
  await using database = await alertsDatabase();
  await database.admin.transaction(async (sql) => {
    await sql`select 1`;
    await raise(database, "disk:full");
    await sql`select resilience.raise_alert('disk:full', 'error', 'x')`;
  }, { isolation: "serializable" });
  await dispatch(database, []);
  assert.deepEqual(await alerts(database), ["disk:full 1 open error 2"]);
});

Deno.test("an alert that gets worse is open again although it was acknowledged, and that is told", async () => {
  await using database = await alertsDatabase();
  const sink = new RecordingSink("pager");
  const id = await raise(database, "disk:full", "warning");
  await dispatch(database, [sink]);
  await database.sql`select resilience.judge_alert(${id}, 'acknowledged', 'key:default', 'on it')`;
  await raise(database, "disk:full", "warning");
  assert.deepEqual(await alerts(database), ["disk:full 1 acknowledged warning 2"]);
  await raise(database, "disk:full", "critical");
  await dispatch(database, [sink]);
  assert.deepEqual(await alerts(database), ["disk:full 1 open critical 3"]);
  assert.deepEqual(sink.kinds, ["raised disk:full warning", "escalated disk:full critical"]);
});

Deno.test("a resolved alert begins a new episode, and each end is told", async () => {
  await using database = await alertsDatabase();
  const sink = new RecordingSink("pager");
  for (const _time of [1, 2]) {
    await raise(database, "disk:full");
    await dispatch(database, [sink]);
    await database.sql`select resilience.resolve_alert('disk:full', 'key:default')`;
    await dispatch(database, [sink]);
  }
  const told = ["raised disk:full error", "resolved disk:full error"];
  assert.deepEqual(sink.kinds, [...told, ...told]);
  assert.deepEqual(await alerts(database), ["disk:full 1 resolved error 1", "disk:full 2 resolved error 1"]);
});

Deno.test("what flaps is told only if it stays", async () => {
  await using database = await alertsDatabase();
  const sink = new RecordingSink("pager");
  for (let time = 0; time < 6; time++) {
    await raise(database, "disk:full");
    await dispatch(database, [sink]);
    await database.sql`select resilience.resolve_alert('disk:full', 'key:default')`;
    await dispatch(database, [sink]);
  }
  assert.equal(sink.told.length, 6, "three episodes, each with its end");
  await raise(database, "disk:full");
  await dispatch(database, [sink]);
  assert.equal(sink.told.length, 6);
  await passMinutes(database, 11);
  await dispatch(database, [sink]);
  assert.deepEqual(sink.kinds.slice(6), ["raised disk:full error"]);
  assert.equal(sink.told[6]?.alert.isFlapping, true);
  assert.equal(sink.told[6]?.alert.episode, 7);
});

Deno.test("an alert with an end of its own resolves once it is quiet, and not before", async () => {
  await using database = await alertsDatabase();
  const sink = new RecordingSink("pager");
  await raise(database, "disk:full", "error", { quietSeconds: 300 });
  await passMinutes(database, 4);
  await dispatch(database, [sink]);
  assert.deepEqual(sink.kinds, ["raised disk:full error"]);
  await passMinutes(database, 2);
  await dispatch(database, [sink]);
  assert.deepEqual(sink.kinds, ["raised disk:full error", "resolved disk:full error"]);
  assert.equal(sink.told[1]?.alert.resolvedBy, "quiet");
});

Deno.test("what is bad and known to nobody is told again, what is acknowledged is not", async () => {
  await using database = await alertsDatabase({ reminderHours: 1 });
  const sink = new RecordingSink("pager");
  const known = await raise(database, "disk:full", "critical");
  await raise(database, "job:late", "error");
  await raise(database, "budget:low", "warning");
  await dispatch(database, [sink]);
  await database.sql`select resilience.judge_alert(${known}, 'acknowledged', 'key:default')`;
  await passMinutes(database, 59);
  await dispatch(database, [sink]);
  assert.equal(sink.told.length, 3);
  await passMinutes(database, 2);
  await dispatch(database, [sink]);
  await dispatch(database, [sink]);
  assert.deepEqual(sink.kinds.slice(3), ["reminder job:late error"]);
});

Deno.test("a silence holds alerts back, what is worse gets through, and what is open at its end is told", async () => {
  await using database = await alertsDatabase();
  const sink = new RecordingSink("pager");
  await database.sql`
    insert into resilience.alert_silences (key_prefix, max_severity, from_at, until_at, created_by, reason)
    values ('circuit_open:', 'error', now(), now() + interval '1 hour', 'key:default', 'maintenance')`;
  await raise(database, "circuit_open:maps", "error");
  await raise(database, "circuit_open:gone", "warning");
  await raise(database, "circuit_open:ai", "critical");
  await raise(database, "disk:full", "error");
  await dispatch(database, [sink]);
  assert.deepEqual(sink.kinds.toSorted(), ["raised circuit_open:ai critical", "raised disk:full error"]);
  await database.sql`select resilience.resolve_alert('circuit_open:gone', 'key:default')`;
  await passMinutes(database, 61);
  await dispatch(database, [sink]);
  assert.deepEqual(sink.kinds.slice(2), ["raised circuit_open:maps error"]);
});

Deno.test("an alert that makes no sense is an error, text that is too long is cut", async () => {
  await using database = await alertsDatabase();
  await assert.rejects(raise(database, "nothing"), /Cannot raise the alert as its key 'nothing' is not <what>:<where>/);
  await assert.rejects(raise(database, "disk:full", "bad" as never), /its severity 'bad' is none of/);
  await database.sql`
    select resilience.raise_alert('disk:' || repeat('x', 999), 'info', E'two\nlines ' || repeat('y', 999),
      jsonb_build_object('big', (select string_agg(md5(n::text), '') from generate_series(1, 999) n)), 'job:' || repeat('z', 999))`;
  const [row] = await database.sql`select length(key) as key, title, detail, length(ref) as ref from resilience.alerts`;
  assert.deepEqual({ ...row, title: row?.title.slice(0, 10) }, {
    key: 240,
    title: "two lines ",
    detail: { isCut: true },
    ref: 400,
  });
});

Deno.test("callers of the API see nothing of alerts and cannot raise any", async () => {
  await using database = await alertsDatabase();
  for (const role of ["anon", "authenticated"]) {
    for (const statement of ["select * from resilience.alerts", "select resilience.raise_alert('a:b', 'info', 'x')"]) {
      await assert.rejects(
        database.sql.begin(async (sql) => {
          await sql.unsafe(`set local role ${role}`);
          await sql.unsafe(statement);
        }),
        { code: "42501" },
      );
    }
  }
});
