// deno-lint-ignore-file no-console -- how long a storm takes to explain
import assert from "node:assert/strict";
import { explainFacts } from "../../supabase/functions/_shared/incidents/explainFacts.ts";
import { incidentText } from "../../supabase/functions/_shared/incidents/incidentText.ts";
import { postgresFacts } from "../../supabase/functions/_shared/incidents/postgresFacts.ts";
import { type TestDatabase, testDatabase } from "../harness/testDatabase.ts";
import { openAdmin } from "./aiFixture.ts";

const hourMs = 3_600_000;

async function explain(database: TestDatabase, hours = 1) {
  await using admin = openAdmin(database, 2);
  return explainFacts(await postgresFacts(admin).within(Date.now() - hours * hourMs, Date.now()));
}

Deno.test("a quiet hour has no incident", async () => {
  await using database = await testDatabase();
  const report = await explain(database);
  assert.deepEqual([report.incidents, report.remainder], [[], { quiet: 0, echoes: 0, beyond: 0, unread: 0 }]);
  assert.match(incidentText(report), /: nothing that hurt anybody\.\n$/);
});

Deno.test("a storm of 100,000 events is explained in a bounded answer, with every event counted", async () => {
  await using database = await testDatabase();
  await database.sql`
    insert into resilience.circuit_changes (circuit, changed_at, changed_by, epoch, phase, trips, until_at, reason, votes)
    values ('ai', now() - interval '50 min', 'x', 1, 'open', 1, now(), 'it failed for 2 isolates',
      '[{"isolate": "i1", "calls": 5, "failures": 5, "isDoubtful": false}]')`;
  await database.sql`
    insert into resilience.kernel_events (happened_at, isolate, function_name, request_id, kind, subject, cause, cost_ms)
    select now() - interval '49 min' + n * interval '28 ms', 'i' || n % 50, 'f' || n % 20, 'r' || n / 2,
      (array['shed', 'fallback', 'failure', 'retry'])[1 + n % 4],
      (array['ai', 'ai', 'f' || n % 20, 'public.t' || n % 9])[1 + n % 4],
      (array['circuit:ai:1', 'circuit:ai:1', 'error:overloaded', 'sqlstate:40001'])[1 + n % 4], 1
    from generate_series(1, 100000) n`;
  const startedAt = performance.now();
  const report = await explain(database);
  const text = incidentText(report);
  const size = JSON.stringify(report).length;
  console.log(
    `100,000 events: ${(performance.now() - startedAt).toFixed(0)} ms, ${report.incidents.length} incidents, ` +
      `${size} bytes of JSON, ${text.length} of text, ${report.remainder.unread} not read`,
  );
  assert.ok(size < 300_000, `${size}`);
  const countOf = (node: typeof report.incidents[number]["tree"]): number =>
    node.count + (node.more ?? 0) + node.effects.reduce((sum, effect) => sum + countOf(effect), 0);
  const told = report.incidents.reduce((sum, { tree }) => sum + countOf(tree), 0);
  const { quiet, echoes, beyond, unread } = report.remainder;
  assert.equal(told + quiet + echoes + beyond + unread, 100_001);
  assert.ok(report.incidents.some(({ cause }) => cause.kind === "dependency" && cause.subject === "ai"), text);
  assert.ok(report.incidents.some(({ cause }) => cause.kind === "contention"), text);
});

Deno.test("a column renamed days ago explains the dead letters of today, and a change since then does not", async () => {
  await using database = await testDatabase();
  await database.sql`
    with version as (
      insert into resilience.schema_versions (hash, snapshot, created_at) values
        (repeat('a', 64), '{}', now() - interval '9 days'), (repeat('b', 64), '{}', now() - interval '3 days'),
        (repeat('c', 64), '{}', now() - interval '1 minute')
      returning version, hash
    )
    insert into resilience.schema_changes (version, kind, severity, subject, table_oid, part, attnum, value_before, value_after)
    select version, case when hash like 'b%' then 'column_renamed' else 'column_added' end, 'high', 'public.orders', 5,
      case when hash like 'b%' then 'client_id' else 'other' end, 2,
      case when hash like 'b%' then 'customer' end, case when hash like 'b%' then 'client_id' end
    from version where hash not like 'a%'`;
  await database.sql`
    insert into resilience.dead_letters (id, request_id, table_oid, table_schema, table_name, operation, payload, error_code,
      error_fields, writer_role, writer_claims, died_at)
    select gen_random_uuid(), 'r' || n, 5, 'public', 'orders', 'insert', '{"secret": "hunter2"}', '42703',
      '{"column": "customer"}', 'anon', '{}', now() - interval '5 minutes'
    from generate_series(1, 3) n`;
  const report = await explain(database);
  const [incident] = report.incidents;
  assert.match(incident!.cause.evidence, /^column renamed customer -> client_id /);
  assert.deepEqual(incident!.stillOpen, [{ what: "dead_letters", subject: "public.orders", count: 3 }]);
  assert.equal(report.remainder.quiet, 1);
  assert.ok(!JSON.stringify(report).includes("hunter2"));
  assert.ok(Date.parse(incident!.from) > Date.now() - hourMs, "it begins with what was asked for, not with the change");
});

Deno.test("a failed job is told with the attempt that succeeded after all", async () => {
  await using database = await testDatabase();
  await database.sql`
    insert into resilience.job_schedules (name, cron, function_name, max_gap) values ('tidy', '0 * * * *', 'tidy', '1 day')`;
  await database.sql`
    insert into resilience.job_runs (job_name, scheduled_for, attempt, state, error_code, started_at, finished_at) values
      ('tidy', now() - interval '1 hour', 1, 'failed', '57P01', now() - interval '20 min', now() - interval '19 min'),
      ('tidy', now() - interval '1 hour', 2, 'succeeded', null, now() - interval '18 min', now() - interval '17 min')`;
  const [incident] = (await explain(database)).incidents;
  assert.equal(incident!.cause.kind, "database");
  assert.deepEqual(incident!.healedBy.map(({ by, detail }) => [by, detail]), [["replay", "succeeded in attempt 2"]]);
});
