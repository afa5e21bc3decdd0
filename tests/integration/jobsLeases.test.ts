import assert from "node:assert/strict";
import { waitUntil } from "../../local/database/waitUntil.ts";
import { postgresJobStore } from "../../supabase/functions/_shared/jobs/postgresJobStore.ts";
import { runLeasedJob } from "../../supabase/functions/_shared/jobs/runLeasedJob.ts";
import type { Deadline } from "../../supabase/functions/_shared/http/deadline.ts";
import { addSchedule, expireLease, type JobDatabase, jobDatabase } from "./jobs/jobDatabase.ts";

const slot = new Date("2026-11-21T10:00:00.000Z");
const nextSlot = new Date("2026-11-21T10:01:00.000Z");

function deadline(shouldYield: () => boolean = () => false): Deadline {
  return { signal: new AbortController().signal, remainingMs: () => 60_000, shouldYield };
}

async function claimed(store: ReturnType<typeof postgresJobStore>, scheduledFor = slot) {
  const claim = await store.claim({ job: "j", scheduledFor });
  assert.equal(claim.status, "claimed");
  return claim.status === "claimed" ? claim.run : assert.fail();
}

/** Holds all calls up until every one has reached the database, and lets them go together: a race, not a queue. */
async function atOnce<Result>({ sql }: JobDatabase, count: number, call: (index: number) => Promise<Result>) {
  const gate = await sql.reserve();
  try {
    await gate`begin`;
    await gate`lock table resilience.job_runs in access exclusive mode`;
    const calls = Promise.all(Array.from({ length: count }, (_, index) => call(index)));
    calls.catch(() => {}); // Looked at below, once the gate is open.
    const areAllWaiting = async () => {
      const [row] = await sql`
        select count(*)::int as waiting from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`;
      return row?.waiting === count;
    };
    assert.ok(await waitUntil(areAllWaiting, { timeoutMs: 10_000 }));
    await gate`commit`;
    return await calls;
  } finally {
    gate.release();
  }
}

Deno.test("of twenty claims at once exactly one becomes the runner", async () => {
  await using database = await jobDatabase({ connections: 20 });
  await addSchedule(database.sql, "j");
  const store = postgresJobStore(database.admin.sql);
  const claims = await atOnce(
    database,
    20,
    (index) => store.claim({ job: "j", scheduledFor: slot, runner: `r${index}` }),
  );
  const counts = Object.groupBy(claims, ({ status }) => status);
  assert.equal(counts.claimed?.length, 1);
  assert.equal(counts.busy?.length, 19);
  const rows = await database.sql`select state from resilience.job_runs`;
  assert.deepEqual(rows.map(({ state }) => state), ["running"]);
});

Deno.test("of twenty claims at once on an expired lease exactly one takes over", async () => {
  await using database = await jobDatabase({ connections: 20 });
  await addSchedule(database.sql, "j");
  const store = postgresJobStore(database.admin.sql);
  await claimed(store);
  await expireLease(database.sql, "j");
  const claims = await atOnce(database, 20, () => store.claim({ job: "j", scheduledFor: nextSlot }));
  assert.equal(claims.filter(({ status }) => status === "claimed").length, 1);
  const rows = await database.sql`select state, attempt from resilience.job_runs order by id`;
  assert.deepEqual(rows.map(({ state, attempt }) => `${state} ${attempt}`), ["abandoned 1", "running 2"]);
});

Deno.test("a second wake-up of the same minute does not run again", async () => {
  await using database = await jobDatabase();
  await addSchedule(database.sql, "j");
  const store = postgresJobStore(database.admin.sql);
  let runs = 0;
  const wake = () =>
    runLeasedJob({
      store,
      job: "j",
      scheduledFor: slot,
      deadline: deadline(),
      work: () => Promise.resolve({ isDone: true, outcome: ++runs }),
    });
  assert.equal((await wake()).status, "succeeded");
  assert.deepEqual(await wake(), { status: "done" });
  assert.equal(runs, 1);
});

Deno.test("a dead runner's cursor and time go to the next one, and its late end is refused", async () => {
  await using database = await jobDatabase();
  await addSchedule(database.sql, "j");
  const store = postgresJobStore(database.admin.sql);
  const dead = await claimed(store);
  assert.equal(await store.renew(dead, { progress: { at: 41, note: "'; drop table" } }), true);
  await expireLease(database.sql, "j");

  const heir = await claimed(store, nextSlot);
  assert.equal(heir.scheduledFor.getTime(), slot.getTime());
  assert.equal(heir.attempt, 2);
  assert.deepEqual(heir.progress, { at: 41, note: "'; drop table" });

  assert.equal(await store.renew(dead, { progress: { at: 99 } }), false);
  assert.equal(await store.finish(dead, { state: "succeeded", outcome: null }), false);
  assert.equal(await store.finish(heir, { state: "succeeded", outcome: { sum: 1 } }), true);
  const rows = await database.sql`select state, progress, outcome, error_code from resilience.job_runs order by id`;
  assert.deepEqual(rows.map((row) => ({ ...row })), [
    { state: "abandoned", progress: { at: 41, note: "'; drop table" }, outcome: null, error_code: "lease_expired" },
    { state: "succeeded", progress: { at: 41, note: "'; drop table" }, outcome: { sum: 1 }, error_code: null },
  ]);
});

Deno.test("a runner that was only slow keeps its run as long as nobody has taken it", async () => {
  await using database = await jobDatabase();
  await addSchedule(database.sql, "j");
  const store = postgresJobStore(database.admin.sql);
  const run = await claimed(store);
  await expireLease(database.sql, "j");
  assert.equal(await store.renew(run), true);
  assert.equal((await store.claim({ job: "j", scheduledFor: nextSlot })).status, "busy");
});

Deno.test("ending a run twice is ending it once, and its state cannot be changed afterwards", async () => {
  await using database = await jobDatabase();
  await addSchedule(database.sql, "j");
  const store = postgresJobStore(database.admin.sql);
  const run = await claimed(store);
  assert.equal(await store.finish(run, { state: "succeeded", outcome: 1 }), true);
  assert.equal(await store.finish(run, { state: "succeeded", outcome: 1 }), true);
  assert.equal(await store.finish(run, { state: "failed", errorCode: "x" }), false);
  assert.equal(await store.renew(run), false);
});

Deno.test("a run that hands over goes on in the next wake-up, and that wake-up's own time follows", async () => {
  await using database = await jobDatabase();
  await addSchedule(database.sql, "j");
  const store = postgresJobStore(database.admin.sql);
  const seen: string[] = [];
  const wake = (scheduledFor: Date, shouldYield: () => boolean) =>
    runLeasedJob<number, number>({
      store,
      job: "j",
      scheduledFor,
      deadline: deadline(shouldYield),
      work: ({ progress = 0, scheduledFor }) => {
        seen.push(`${scheduledFor.toISOString().slice(14, 16)}:${progress}`);
        return Promise.resolve(
          progress < 2 ? { isDone: false, progress: progress + 1 } : { isDone: true, outcome: progress },
        );
      },
    });
  assert.equal((await wake(slot, () => true)).status, "paused");
  assert.equal((await wake(nextSlot, () => false)).status, "succeeded");
  assert.deepEqual(seen, ["00:0", "00:1", "00:2", "01:0", "01:1", "01:2"]);
  const rows = await database.sql`select state, attempt from resilience.job_runs order by id`;
  assert.deepEqual(rows.map(({ state, attempt }) => `${state} ${attempt}`), ["succeeded 1", "succeeded 1"]);
});

Deno.test("a time whose attempts are used up is left behind, and the next time runs", async () => {
  await using database = await jobDatabase();
  await addSchedule(database.sql, "j", { maxAttempts: 2 });
  const store = postgresJobStore(database.admin.sql);
  for (const attempt of [1, 2]) {
    assert.equal((await claimed(store)).attempt, attempt);
    await expireLease(database.sql, "j");
  }
  assert.deepEqual(await store.claim({ job: "j", scheduledFor: slot }), { status: "exhausted" });
  const next = await claimed(store, nextSlot);
  assert.equal(next.scheduledFor.getTime(), nextSlot.getTime());
  assert.equal(next.progress, undefined);
});

Deno.test("a cursor saved with the chunk's changes lands with them or not at all", async () => {
  await using database = await jobDatabase();
  await database.sql`create table public.counted (at int primary key)`;
  await addSchedule(database.sql, "j");
  const store = postgresJobStore(database.admin.sql);
  const countUp = (at: number, save: (sql: typeof database.admin.sql) => Promise<unknown>) =>
    database.admin.transaction(async (sql) => {
      await sql`insert into public.counted values (${at}::integer)`;
      await save(sql);
    });
  const dead = await claimed(store);
  await countUp(1, (sql) => store.renew(dead, { progress: 1, sql }));
  // This runner has stalled; another took over and is at work when it wakes up.
  await expireLease(database.sql, "j");
  const heir = await claimed(store, nextSlot);
  assert.equal(heir.progress, 1);
  await assert.rejects(
    countUp(2, async (sql) => {
      if (!await store.renew(dead, { progress: 2, sql })) throw new Error("lost");
    }),
    /lost/,
  );
  await countUp(2, (sql) => store.renew(heir, { progress: 2, sql }));
  const rows = await database.sql`select at from public.counted order by at`;
  assert.deepEqual(rows.map(({ at }) => at), [1, 2]);
});

Deno.test("a stalled runner stops through its heartbeat once another has taken over", async () => {
  await using database = await jobDatabase();
  await addSchedule(database.sql, "j", { leaseSeconds: 1 });
  const store = postgresJobStore(database.admin.sql);
  const started = Promise.withResolvers<void>();
  const stalled = runLeasedJob<never, never>({
    store,
    job: "j",
    scheduledFor: slot,
    deadline: deadline(),
    work: ({ signal }) => {
      started.resolve();
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
    },
  });
  await started.promise;
  await expireLease(database.sql, "j");
  const heir = await claimed(store, nextSlot);
  assert.equal((await stalled).status, "lost");
  assert.equal(await store.finish(heir, { state: "succeeded", outcome: null }), true);
});

Deno.test("a job that is switched off or unknown is not run", async () => {
  await using database = await jobDatabase();
  await addSchedule(database.sql, "j", { isEnabled: false });
  const store = postgresJobStore(database.admin.sql);
  assert.deepEqual(await store.claim({ job: "j" }), { status: "disabled" });
  assert.deepEqual(await store.claim({ job: "nobody" }), { status: "unknown" });
});

Deno.test("job_health sees a missed run, a running one and those that were abandoned", async () => {
  await using database = await jobDatabase();
  const { sql } = database;
  for (const name of ["fresh", "missed", "off", "j"]) await addSchedule(sql, name);
  await sql`update resilience.job_schedules set enabled_at = now() - interval '2 hours' where name in ('missed', 'off')`;
  await sql`update resilience.job_schedules set is_enabled = false where name = 'off'`;
  const store = postgresJobStore(database.admin.sql);
  await claimed(store);
  await expireLease(sql, "j");
  const run = await claimed(store);

  const health = Object.fromEntries((await store.health()).map((row) => [row.job, row]));
  assert.equal(health.fresh?.isOverdue, false);
  assert.equal(health.missed?.isOverdue, true);
  assert.equal(health.off?.isOverdue, false);
  assert.deepEqual([health.j?.isRunning, health.j?.abandonedCount, health.j?.lastSucceededAt], [true, 1, undefined]);

  await store.finish(run, { state: "succeeded", outcome: null });
  await sql`update resilience.job_schedules set enabled_at = now() - interval '9 hours', max_gap = '1 hour' where name = 'j'`;
  assert.equal((await store.health()).find(({ job }) => job === "j")?.isOverdue, false);
  await sql`update resilience.job_runs set started_at = now() - interval '2 h', finished_at = now() - interval '61 minutes'`;
  assert.equal((await store.health()).find(({ job }) => job === "j")?.isOverdue, true);
  // Switched off and on again: the gap counts from then.
  await sql`update resilience.job_schedules set is_enabled = false where name = 'j'`;
  await sql`update resilience.job_schedules set is_enabled = true where name = 'j'`;
  assert.equal((await store.health()).find(({ job }) => job === "j")?.isOverdue, false);
});
