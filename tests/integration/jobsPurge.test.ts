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

async function counts({ sql }: JobDatabase) {
  const [row] = await sql`
    select (select count(*)::int from resilience.idempotency_keys) as keys,
      (select count(*)::int from resilience.rate_limits) as limits,
      (select count(*)::int from resilience.queue_dead_letters) as letters,
      (select count(*)::int from resilience.isolates) as isolates,
      (select count(*)::int from resilience.job_runs where job_name = 'other') as runs`;
  return { ...row };
}

const full = { keys: 2003, limits: 2003, letters: 2003, isolates: 2003, runs: 2004 };
const expected = {
  idempotency_keys: 2000,
  rate_limits: 2000,
  job_runs: 2002,
  queue_dead_letters: 2000,
  isolates: 2000,
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
  assert.deepEqual(await counts(database), { keys: 3, limits: 3, letters: 3, isolates: 3, runs: 2 });
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
