import assert from "node:assert/strict";
import type {
  AlertCondition,
  ConditionContext,
  FoundAlert,
} from "../../supabase/functions/_shared/alerts/alertCondition.ts";
import { AlertThresholds } from "../../supabase/functions/_shared/alerts/alertThresholds.ts";
import { allConditions } from "../../supabase/functions/_shared/alerts/conditions/allConditions.ts";
import { criticalSchemaChanges } from "../../supabase/functions/_shared/alerts/conditions/criticalSchemaChanges.ts";
import { deadLetters } from "../../supabase/functions/_shared/alerts/conditions/deadLetters.ts";
import { deadMessages } from "../../supabase/functions/_shared/alerts/conditions/deadMessages.ts";
import { exhaustedStorage } from "../../supabase/functions/_shared/alerts/conditions/exhaustedStorage.ts";
import { failingHealing } from "../../supabase/functions/_shared/alerts/conditions/failingHealing.ts";
import { failingJobs } from "../../supabase/functions/_shared/alerts/conditions/failingJobs.ts";
import { lonelyIsolates } from "../../supabase/functions/_shared/alerts/conditions/lonelyIsolates.ts";
import { openCircuits } from "../../supabase/functions/_shared/alerts/conditions/openCircuits.ts";
import { overdueJobs } from "../../supabase/functions/_shared/alerts/conditions/overdueJobs.ts";
import { revertedTrials } from "../../supabase/functions/_shared/alerts/conditions/revertedTrials.ts";
import { spentAiBudget } from "../../supabase/functions/_shared/alerts/conditions/spentAiBudget.ts";
import { alerts, alertsDatabase, dispatch, passMinutes } from "./alertsFixture.ts";
import { addSchedule, type JobDatabase, jobDatabase } from "./jobs/jobDatabase.ts";

function find(condition: AlertCondition, { admin }: JobDatabase, more: Partial<ConditionContext> = {}) {
  const context = { thresholds: AlertThresholds.parse({}), aiProjectMicroUsd: undefined, sinks: [], ...more };
  return condition.find(admin.sql, context);
}

const brief = (found: FoundAlert[]) => found.map(({ key, severity, ref }) => [key, severity, ref]);

Deno.test("on a database where nothing happens no condition finds anything", async () => {
  await using database = await jobDatabase({ keepSchedules: true });
  for (const condition of allConditions) {
    assert.deepEqual(
      await find(condition, database, { aiProjectMicroUsd: 1_000, sinks: ["pager"] }),
      [],
      condition.name,
    );
  }
});

Deno.test("each condition has a name of its own, which its keys begin with", () => {
  const names = allConditions.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const name of names) assert.match(name, /^[a-z][a-z0-9_]{0,39}$/);
});

Deno.test("a job that was missed is overdue, one that is switched off is not", async () => {
  await using database = await jobDatabase();
  await addSchedule(database.sql, "nightly");
  await addSchedule(database.sql, "asleep", { isEnabled: false });
  await addSchedule(database.sql, "fine", { maxGap: "3 hours" });
  await database.sql`update resilience.job_schedules set enabled_at = now() - interval '2 hours'`;
  assert.deepEqual(brief(await find(overdueJobs, database)), [["job_overdue:nightly", "error", "job:nightly"]]);
});

Deno.test("a job that fails again and again is told, worse when a time was left behind, not once it succeeds", async () => {
  await using database = await jobDatabase();
  await addSchedule(database.sql, "nightly", { maxAttempts: 5 });
  const run = (state: string, minute: number, attempt = 1) =>
    database.sql`
      insert into resilience.job_runs (job_name, scheduled_for, attempt, state, error_code, started_at, finished_at)
      values ('nightly', now() - interval '1 hour' + ${minute} * interval '1 minute', ${attempt}, ${state},
        ${state === "succeeded" ? null : "42P01"}, now(), now())`;
  await run("failed", 1);
  assert.deepEqual(await find(failingJobs, database), []);
  await run("abandoned", 2);
  const [twice] = await find(failingJobs, database);
  assert.deepEqual([twice?.severity, twice?.title, twice?.detail?.code], [
    "warning",
    'Job "nightly" has failed 2 times in a row',
    "42P01",
  ]);
  await run("failed", 3, 5);
  assert.deepEqual(brief(await find(failingJobs, database)), [["job_failing:nightly", "error", "job:nightly"]]);
  await run("succeeded", 4);
  assert.deepEqual(await find(failingJobs, database), []);
});

Deno.test("a circuit counts as open from when it left closed, probes in between are the same outage", async () => {
  await using database = await jobDatabase();
  const set = (phase: string, minutesAgo: number, name = "maps") =>
    database.sql.begin(async (sql) => {
      await sql`
        insert into resilience.circuits (name, epoch, phase, holder, until_at) values (${name}, 1, ${phase},
          ${phase === "probing" ? "i" : null}, ${phase === "closed" ? null : new Date(Date.now() + 60_000)})
        on conflict (name) do update set epoch = resilience.circuits.epoch + 1, phase = excluded.phase,
          holder = excluded.holder, until_at = excluded.until_at, changed_at = now() - ${minutesAgo} * interval '1 minute'`;
      await sql`update resilience.circuit_changes set changed_at = now() - ${minutesAgo} * interval '1 minute'
        where id = (select max(id) from resilience.circuit_changes)`;
    });
  await set("open", 500);
  await set("closed", 400);
  await set("open", 70);
  await set("probing", 3);
  await set("open", 2);
  await set("open", 5, "young");
  await set("open", 90, "alert-sink.webhook");
  assert.deepEqual(brief(await find(openCircuits, database)), [["circuit_open:maps", "error", "circuit:maps:5"]]);
  const [found] = await find(openCircuits, database, { thresholds: AlertThresholds.parse({ circuitMinutes: 30 }) });
  assert.deepEqual([found?.severity, found?.detail?.minutes], ["warning", 70]);
  await database.sql`update resilience.circuits set override = 'open', override_reason = 'known' where name = 'maps'`;
  assert.deepEqual(await find(openCircuits, database), []);
});

const plantLetters = ({ sql }: JobDatabase, count: number, code = "42703") =>
  sql`insert into resilience.dead_letters (id, table_schema, table_name, operation, payload, error_code, writer_role,
      writer_claims)
    select gen_random_uuid(), 'public', 'orders', 'insert', '{"card": "4111"}', ${code}, 'anon', '{}'
    from generate_series(1, ${count})`;

Deno.test("dead letters are told by their rate, with their codes and none of their payload", async () => {
  await using database = await jobDatabase();
  await plantLetters(database, 9);
  assert.deepEqual(await find(deadLetters, database), []);
  await plantLetters(database, 3, "23502");
  const [found] = await find(deadLetters, database);
  assert.deepEqual(found, {
    key: "dead_letters:public.orders",
    severity: "warning",
    title: "12 writes to public.orders were given up within 15 minutes",
    detail: { recent: 12, codes: ["23502", "42703"] },
  });
  await plantLetters(database, 100);
  assert.equal((await find(deadLetters, database))[0]?.severity, "error");
  await database.sql`update resilience.dead_letters set died_at = now() - interval '16 minutes'`;
  assert.deepEqual(await find(deadLetters, database), []);
});

Deno.test("messages of a queue that are given up are told by their rate", async () => {
  await using database = await jobDatabase();
  await database.sql`
    insert into resilience.queue_dead_letters (queue, message_id, payload, enqueued_at, read_ct, reason)
    select 'mail', n, '{}', now(), 5, 'poison' from generate_series(1, 10) n`;
  assert.deepEqual(brief(await find(deadMessages, database)), [["dead_messages:mail", "warning", undefined]]);
});

Deno.test("healing that misses too much is told, what it was not asked for does not count", async () => {
  await using database = await jobDatabase();
  const heals = (count: number) =>
    database.sql`
      insert into resilience.healing_events (id, table_schema, table_name, diagnosis, strategy, confidence, duration_ms,
        writer_role, writer_claims)
      select gen_random_uuid(), 'public', 'orders', 'unknown_column', 'matcher', 1, 1, 'anon', '{}'
      from generate_series(1, ${count})`;
  await plantLetters(database, 500, "23503");
  await heals(15);
  await plantLetters(database, 4);
  assert.deepEqual(await find(failingHealing, database), [], "too few to say");
  await plantLetters(database, 1);
  const [found] = await find(failingHealing, database);
  assert.deepEqual([found?.severity, found?.detail], ["warning", { healed: 15, lost: 5, percent: 75 }]);
  await heals(100);
  assert.deepEqual(await find(failingHealing, database), []);
});

Deno.test("a version of the schema with a critical change is told once, for a day", async () => {
  await using database = await jobDatabase();
  const [version] = await database.sql`
    insert into resilience.schema_versions (hash, snapshot) values (repeat('a', 64), '{}') returning version`;
  for (const severity of ["low", "critical"]) {
    await database.sql`
      insert into resilience.schema_changes (version, kind, severity, subject, table_oid)
      values (${version!.version}, 'column_dropped', ${severity}, ${`public.${severity}`}, 1)`;
  }
  const [found, ...others] = await find(criticalSchemaChanges, database);
  assert.deepEqual([others, found?.ref, found?.detail], [[], `schema:${version!.version}`, {
    changes: 1,
    subjects: ["column_dropped public.critical"],
  }]);
  await database.sql`update resilience.schema_versions set created_at = now() - interval '25 hours'`;
  assert.deepEqual(await find(criticalSchemaChanges, database), []);
});

const plantEvent = ({ sql }: JobDatabase, kind: string, more: { cause?: string; ref?: string; became?: string } = {}) =>
  sql`insert into resilience.kernel_events (happened_at, isolate, kind, subject, ref, cause, occurrences, detail)
    values (now(), 'one', ${kind}, 'circuit.ai.timeout', ${more.ref ?? null}, ${more.cause ?? null}, 4,
      ${sql.json({ became: more.became ?? "kept" })})`;

Deno.test("a full disk is critical, as is a database that takes no writes; other codes are not", async () => {
  await using database = await jobDatabase();
  await plantEvent(database, "retry", { cause: "sqlstate:40001" });
  assert.deepEqual(await find(exhaustedStorage, database), []);
  await plantEvent(database, "failure", { cause: "sqlstate:53100" });
  await plantEvent(database, "failure", { cause: "sqlstate:25006" });
  const found = await find(exhaustedStorage, database);
  assert.deepEqual(brief(found), [
    ["storage:full", "critical", "sqlstate:53100"],
    ["storage:read_only", "critical", "sqlstate:25006"],
  ]);
  assert.deepEqual(found[0]?.detail, { seen: 4, isolates: 1 });
});

Deno.test("a change of a knob that was taken back is told, one that was kept is not", async () => {
  await using database = await jobDatabase();
  await plantEvent(database, "tune", { ref: "trial:1", became: "kept" });
  assert.deepEqual(await find(revertedTrials, database), []);
  await plantEvent(database, "tune", { ref: "trial:2", became: "reverted" });
  assert.deepEqual(brief(await find(revertedTrials, database)), [
    ["trial_reverted:circuit.ai.timeout", "info", "trial:2"],
  ]);
});

Deno.test("the budget for models warns before it is used up, and is worse when it is", async () => {
  await using database = await jobDatabase();
  const spend = (microUsd: number) =>
    database.sql`
      insert into resilience.ai_spend (caller, day, cost_micro_usd) values ('*', (now() at time zone 'utc')::date, ${microUsd})
      on conflict (caller, day) do update set cost_micro_usd = excluded.cost_micro_usd`;
  const severity = async () => (await find(spentAiBudget, database, { aiProjectMicroUsd: 1_000 }))[0]?.severity;
  const seen: unknown[] = [];
  for (const microUsd of [799, 800, 979, 980, 5_000]) {
    await spend(microUsd);
    seen.push(await severity());
  }
  assert.deepEqual(seen, [undefined, "warning", "warning", "error", "error"]);
  assert.deepEqual(await find(spentAiBudget, database), [], "no limit");
});

Deno.test("an isolate that fails where others succeed is ill; when all fail, none is", async () => {
  await using database = await jobDatabase();
  const report = (circuit: string, isolate: string, failures: number, isDoubtful: boolean) =>
    database.sql`
      insert into resilience.circuit_reports (circuit, isolate, epoch, calls, failures, is_doubtful, until_at)
      values (${circuit}, ${isolate}, 0, 10, ${failures}, ${isDoubtful}, now() + interval '1 minute')`;
  for (const isolate of ["one", "two"]) for (const circuit of ["ai", "maps"]) await report(circuit, isolate, 10, true);
  assert.deepEqual(await find(lonelyIsolates, database), []);
  await report("ai", "three", 0, false);
  await database.sql`delete from resilience.circuit_reports where isolate = 'two'`;
  assert.deepEqual(brief(await find(lonelyIsolates, database)), [["isolate_alone:one", "warning", "isolate:one"]]);
});

Deno.test("what no longer holds resolves after a while, and one blip is no end", async () => {
  await using database = await alertsDatabase({ quietMinutes: 5 });
  await plantLetters(database, 10);
  const run = () => dispatch(database, [], { conditions: allConditions });
  await run();
  assert.deepEqual(await alerts(database), ["dead_letters:public.orders 1 open warning 1"]);
  await database.sql`update resilience.dead_letters set outcome = 'landed', replayed_at = now()`;
  await passMinutes(database, 4);
  await run();
  assert.deepEqual(await alerts(database), ["dead_letters:public.orders 1 open warning 1"]);
  await plantLetters(database, 10);
  await run();
  await database.sql`update resilience.dead_letters set outcome = 'landed', replayed_at = now()`;
  await passMinutes(database, 6);
  await run();
  assert.deepEqual(await alerts(database), ["dead_letters:public.orders 1 resolved warning 2"]);
});

Deno.test("a storm of one kind is a bounded number of alerts, and one that says that there are more", async () => {
  await using database = await alertsDatabase();
  await database.sql`
    insert into resilience.circuits (name, epoch, phase, until_at, changed_at)
    select 'c' || n, 1, 'open', now() + interval '1 minute', now() from generate_series(1, 300) n`;
  await database.sql`update resilience.circuit_changes set changed_at = now() - interval '20 minutes'`;
  await dispatch(database, [], { conditions: [openCircuits] });
  const keys = await alerts(database);
  assert.equal(keys.length, 51);
  assert.equal(keys.filter((key) => key.startsWith("circuit_open:and_more")).length, 1);
});
