import assert from "node:assert/strict";
import {
  purgeExpired,
  type PurgeProgress,
  readPurgeProgress,
} from "../../supabase/functions/_domains/ops/purgeExpired.ts";
import { postgresJobStore } from "../../supabase/functions/_shared/jobs/postgresJobStore.ts";
import { rehearseJob } from "../../supabase/functions/_shared/jobs/rehearseJob.ts";
import { type JobChunk, runLeasedJob } from "../../supabase/functions/_shared/jobs/runLeasedJob.ts";
import { systemClock } from "../../supabase/functions/_shared/time/clock.ts";
import { addSchedule, expireLease, type JobDatabase, jobDatabase } from "./jobs/jobDatabase.ts";

const deadline = { signal: new AbortController().signal, remainingMs: () => 60_000, shouldYield: () => false };

/** Two thousand old and three young rows of each kind, and runs of which some must stay. */
async function plant({ sql }: JobDatabase) {
  await addSchedule(sql, "ops-purge");
  await addSchedule(sql, "other");
  await sql`
    insert into resilience.idempotency_keys (scope, key, request_hash, lease_expires_at, created_at, expires_at)
    select 's', 'k' || n, repeat('a', 64), now(), now() - interval '2 days',
      now() + interval '1 hour' * case when n <= 3 then 1 else -1 end
    from generate_series(1, 2003) n`;
  await sql`
    insert into resilience.rate_limits (bucket, tokens, last_granted, counted_at, expires_at)
    select 'b' || n, 1, 1, now() - interval '2 days', now() + interval '1 hour' * case when n <= 3 then 1 else -1 end
    from generate_series(1, 2003) n`;
  await sql`
    insert into resilience.queue_dead_letters (queue, message_id, payload, enqueued_at, read_ct, reason, died_at)
    select 'mail', n, '{}', now(), 5, 'poison', now() - interval '1 day' * case when n <= 3 then 89 else 91 end
    from generate_series(1, 2003) n`;
  await sql`
    insert into resilience.isolates (id, region, ballast_version, deno_version, started_at, first_seen_at, seen_at)
    select 'i' || n, 'r', '1', '2', now(), now() - interval '9 days',
      now() - interval '1 day' * case when n <= 3 then 6 else 8 end
    from generate_series(1, 2003) n`;
  await plantHealing(sql);
  // Of 'other': old successes but the last, an old failure, and an old paused run, which is not over.
  await sql`
    insert into resilience.job_runs (job_name, scheduled_for, state, error_code, started_at, finished_at)
    select 'other', now() - interval '60 days' + interval '1 minute' * n,
      case when n % 2 = 0 then 'succeeded' else 'failed' end, case when n % 2 = 1 then 'x' end,
      now() - interval '60 days', now() - interval '60 days' + interval '1 minute' * n
    from generate_series(1, 2003) n`;
  await sql`
    insert into resilience.job_runs (job_name, scheduled_for, state, started_at)
    values ('other', now() - interval '50 days', 'paused', now() - interval '50 days')`;
}

/** Old and settled is what goes: what is young, or old and still open, stays. */
async function plantHealing(sql: JobDatabase["sql"]) {
  await sql`
    insert into resilience.healing_events (id, table_schema, table_name, diagnosis, strategy, confidence, duration_ms,
      writer_role, writer_claims, healed_at)
    select gen_random_uuid(), 'public', 'gone', 'unknown_column', 'matcher', 1, 1, 'anon', '{}',
      now() - interval '1 day' * case when n <= 3 then 364 else 366 end
    from generate_series(1, 2003) n`;
  await sql`
    with heal as (
      insert into resilience.healing_events (id, table_schema, table_name, diagnosis, strategy, confidence, duration_ms,
        writer_role, writer_claims, healed_at)
      values (gen_random_uuid(), 'public', 'gone', 'unknown_column', 'matcher', 1, 1, 'anon', '{}',
        now() - interval '999 days')
      returning id
    )
    insert into resilience.rescued_fields (id, healing_id, table_oid, table_schema, table_name, row_key, fields,
      open_fields, shape, writer_role, writer_claims, rescued_at, landed_at, replayed_at)
    select gen_random_uuid(), case when n = 1 then heal.id end, 1, 'public', 'gone', '{"id": 1}', '{}',
      case when n in (1, 2) then array['"a"'] else array[]::text[] end, '{}', 'anon', '{}',
      now() - interval '1 day' * case when n = 3 then 364 else 366 end, case when n <> 2 then now() end,
      case when n > 2 then now() - interval '1 day' * case when n = 3 then 364 else 366 end end
    from generate_series(1, 2003) n cross join heal`;
  // What is noted of a heal keeps it, as a rescue does.
  await sql`
    with heal as (
      insert into resilience.healing_events (id, table_schema, table_name, diagnosis, strategy, confidence, duration_ms,
        writer_role, writer_claims, healed_at)
      values (gen_random_uuid(), 'public', 'gone', 'unknown_column', 'matcher', 1, 1, 'anon', '{}',
        now() - interval '999 days')
      returning id
    )
    insert into resilience.noted_rows (id, healing_id, table_oid, table_schema, table_name, parts, rows, key_hashes,
      schema_version, noted_at)
    select gen_random_uuid(), heal.id, 1, 'public', 'gone', '[]', '[[{"id":"1"},"1:a:a"]]', '{1}', repeat('a', 64),
      now() - interval '1 day' * case when n <= 3 then 364 else 366 end
    from generate_series(1, 2003) n cross join heal`;
  await sql`
    insert into resilience.dead_letters (id, table_schema, table_name, operation, payload, error_code, writer_role,
      writer_claims, died_at, outcome, replayed_at)
    select gen_random_uuid(), 'public', 'gone', 'insert', '{}', '23502', 'anon', '{}', now() - interval '999 days',
      case when n > 2 then 'landed' end,
      case when n > 2 then now() - interval '1 day' * case when n = 3 then 89 else 91 end end
    from generate_series(1, 2003) n`;
  await sql`
    insert into resilience.transaction_logs (scope, key, xid, created_at, expires_at)
    select 's', 'k' || n, pg_current_xact_id(), now() - interval '2 days',
      now() + interval '1 hour' * case when n <= 3 then 1 else -1 end
    from generate_series(1, 2003) n`;
  await sql`
    insert into resilience.ai_questions (table_oid, schema_hash, key_shape, asked_at)
    select n, repeat('a', 64), repeat('b', 64), now() - interval '1 day' * case when n <= 3 then 89 else 91 end
    from generate_series(1, 2003) n`;
  await sql`
    insert into resilience.ai_usage (id, caller, day, prompt_name, prompt_version, provider, model, reserved_tokens,
      reserved_micro_usd, reserved_at, expires_at)
    select gen_random_uuid(), 'c' || n, (now() at time zone 'utc')::date - age, 'p', 1, 'x', 'm', 1, 1,
      now() - interval '1 day' * age, now() - interval '1 day' * age + interval '10 min'
    from (select n, case when n <= 3 then 89 else 91 end as age from generate_series(1, 2003) n) aged`;
  // Of rules the refuted and the retired go, and never a candidate.
  await sql`
    insert into resilience.healing_rules (id, kind, from_words, to_words, state, support, contradictions, tables, keys,
      lower_bound, created_at, changed_at)
    select 'word_' || lpad(to_hex(n), 16, '0'), 'word', 'a' || n, 'b',
      case when n = 1 then 'candidate' when n % 2 = 0 then 'retired' else 'demoted' end, 30, 0, 3, 3, 0.9,
      now() - interval '999 days', now() - interval '1 day' * case when n in (2, 3) then 179 else 181 end
    from generate_series(1, 1003) n`;
  await sql`
    insert into resilience.circuit_reports (circuit, isolate, epoch, calls, failures, is_doubtful, reported_at, until_at)
    select 'ai', 'i' || n, 0, 1, 1, false, now() - interval '1 hour',
      now() + interval '1 minute' * case when n <= 3 then 30 else -30 end
    from generate_series(1, 1003) n`;
  await sql`
    insert into resilience.kernel_events (happened_at, isolate, kind, subject)
    select now() - interval '1 day' * case when n <= 3 then 29 else 31 end, 'i', 'retry', 'public.gone'
    from generate_series(1, 2003) n`;
  await sql`
    insert into resilience.cache_tags (tag, changed_at)
    select 't' || n, now() - interval '1 day' * case when n <= 3 then 6 else 8 end from generate_series(1, 2003) n`;
  await sql`
    insert into resilience.circuit_changes (circuit, changed_at, changed_by, epoch, phase, trips)
    select 'ai', now() - interval '1 day' * case when n <= 3 then 89 else 91 end, 'x', n, 'closed', 0
    from generate_series(1, 1003) n`;
  await sql`
    insert into resilience.tuning_changes (knob, changed_at, changed_by, before, after)
    select 'a.b', now() - interval '1 day' * case when n <= 3 then 729 else 731 end, 'x', '{}', to_jsonb(n)
    from generate_series(1, 1003) n`;
  await sql`
    insert into resilience.optimization_log (knob, rule, state, direction, before, after, expected, reason, decided_by,
      ended_at)
    select 'a.b', 'r', 'refused', 'up', '1', '2', '{}', 'because', 'x',
      now() - interval '1 day' * case when n <= 3 then 729 else 731 end
    from generate_series(1, 1003) n`;
  // Open ones stay, whatever their age; with what goes goes what was told of it.
  await sql`
    with planted as (
      insert into resilience.alerts (key, episode, severity, title, state, first_raised_at, last_raised_at, resolved_at,
        resolved_by)
      select 'disk:' || n, 1, 'error', 'x', case when n <= 2 then 'open' else 'resolved' end, now() - interval '999 days',
        now() - interval '999 days', case when n > 2 then now() - interval '1 day' * case when n = 3 then 89 else 91 end end,
        case when n > 2 then 'x' end
      from generate_series(1, 2003) n returning id
    ),
    noticed as (
      insert into resilience.alert_notices (alert_id, kind, content, due_at, fanned_out_at)
      select id, 'raised', '{}', now(), now() from planted returning id, alert_id
    )
    insert into resilience.alert_deliveries (notice_id, alert_id, sink, delivered_at)
    select id, alert_id, 'webhook', now() from noticed`;
}

async function counts({ sql }: JobDatabase) {
  const [row] = await sql`
    select (select count(*)::int from resilience.idempotency_keys) as keys,
      (select count(*)::int from resilience.rate_limits) as limits,
      (select count(*)::int from resilience.queue_dead_letters) as letters,
      (select count(*)::int from resilience.isolates) as isolates,
      (select count(*)::int from resilience.rescued_fields) as rescues,
      (select count(*)::int from resilience.noted_rows) as noted,
      (select count(*)::int from resilience.healing_events) as heals,
      (select count(*)::int from resilience.dead_letters) as "deadWrites",
      (select count(*)::int from resilience.transaction_logs) as logs,
      (select count(*)::int from resilience.ai_questions) as questions,
      (select count(*)::int from resilience.ai_usage) as usage,
      (select count(*)::int from resilience.kernel_events) as events,
      (select count(*)::int from resilience.cache_tags) as tags,
      (select count(*)::int from resilience.healing_rules) as rules,
      (select count(*)::int from resilience.circuit_reports) as reports,
      (select count(*)::int from resilience.circuit_changes) as changes,
      (select count(*)::int from resilience.tuning_changes where knob = 'a.b') as turns,
      (select count(*)::int from resilience.optimization_log) as tuned,
      (select count(*)::int from resilience.alerts) as alerts,
      (select count(*)::int from resilience.alert_deliveries) as told,
      (select count(*)::int from resilience.job_runs where job_name = 'other') as runs`;
  return { ...row };
}

const circuits = { rules: 1003, reports: 1003, changes: 1003, turns: 1003, tuned: 1003, events: 2003, tags: 2003 };
const alerts = { alerts: 2003, told: 2003 };
const healing = { rescues: 2003, noted: 2003, heals: 2005, deadWrites: 2003, logs: 2003, questions: 2003, usage: 2003 };
const full = {
  keys: 2003,
  limits: 2003,
  letters: 2003,
  isolates: 2003,
  ...healing,
  ...circuits,
  ...alerts,
  runs: 2004,
};
const expected = {
  idempotency_keys: 2000,
  rate_limits: 2000,
  job_runs: 2002,
  queue_dead_letters: 2000,
  isolates: 2000,
  rescued_fields: 2000,
  noted_rows: 2000,
  healing_events: 2000,
  dead_letters: 2000,
  transaction_logs: 2000,
  ai_questions: 2000,
  healing_rules: 1000,
  circuits: 2000,
  tuning: 2000,
  cache_tags: 2000,
  ai_usage: 2000,
  kernel_events: 2000,
  alerts: 2000,
};

Deno.test("ops-purge removes what has expired and nothing else, also when its runner dies halfway", async () => {
  await using database = await jobDatabase();
  await plant(database);
  const store = postgresJobStore(database.admin.sql);
  const work = (chunk: JobChunk<PurgeProgress>) => purgeExpired(chunk, { admin: database.admin });
  const options = { store, job: "ops-purge", deadline, readProgress: (saved: unknown) => readPurgeProgress(saved) };

  const rehearsal = await rehearseJob({
    sql: database.admin.sql,
    job: "ops-purge",
    work,
    deadline,
    clock: systemClock,
  });
  assert.deepEqual(rehearsal, { isComplete: true, outcome: { purged: expected } });
  assert.deepEqual(await counts(database), full);

  let chunks = 0;
  const dead = await runLeasedJob({
    ...options,
    work: async (chunk: JobChunk<PurgeProgress>) => {
      if (++chunks <= 4) return await work(chunk);
      // Dies here: its lease runs out, and it never says so.
      await expireLease(database.sql, "ops-purge");
      const heir = await runLeasedJob({ ...options, work });
      assert.deepEqual(heir.status === "succeeded" && heir.outcome, { purged: expected });
      return await work(chunk);
    },
  });
  assert.equal(dead.status, "lost");
  const healed = {
    rescues: 3,
    noted: 3,
    heals: 5,
    deadWrites: 3,
    logs: 3,
    questions: 3,
    usage: 3,
    rules: 3,
    reports: 3,
    changes: 3,
    turns: 3,
    tuned: 3,
    events: 3,
    alerts: 3,
    told: 3,
    tags: 3,
  };
  assert.deepEqual(await counts(database), { keys: 3, limits: 3, letters: 3, isolates: 3, ...healed, runs: 2 });
  const open = await database.sql`
    select (select count(*)::int from resilience.dead_letters where outcome is null) as letters,
      (select count(*)::int from resilience.rescued_fields where open_fields <> '{}') as rescues`;
  assert.deepEqual({ ...open[0] }, { letters: 2, rescues: 2 });
  const kept = await database.sql`select state from resilience.job_runs where job_name = 'other' order by id`;
  assert.deepEqual(kept.map(({ state }) => state), ["succeeded", "paused"]);
});

Deno.test("ops-purge keeps for as long as its schedule says", async () => {
  await using database = await jobDatabase();
  await plant(database);
  await database.sql`update resilience.job_schedules set payload = '{"deadLetterDays": 365, "jobRunDays": 365}'`;
  await runLeasedJob({
    store: postgresJobStore(database.admin.sql),
    job: "ops-purge",
    deadline,
    work: (chunk: JobChunk<PurgeProgress>) => purgeExpired(chunk, { admin: database.admin }),
  });
  const { letters, runs } = await counts(database);
  assert.deepEqual({ letters, runs }, { letters: 2003, runs: 2004 });
});
