import assert from "node:assert/strict";
import {
  readRollUpProgress,
  rollUpMeasurements,
  type RollUpProgress,
} from "../../supabase/functions/_domains/ops/rollUpMeasurements.ts";
import type { Database } from "../../supabase/functions/_shared/db/database.ts";
import { postgresJobStore } from "../../supabase/functions/_shared/jobs/postgresJobStore.ts";
import { rehearseJob } from "../../supabase/functions/_shared/jobs/rehearseJob.ts";
import { type JobChunk, runLeasedJob } from "../../supabase/functions/_shared/jobs/runLeasedJob.ts";
import { postgresMetricsReader } from "../../supabase/functions/_shared/monitor/postgresMetricsReader.ts";
import { systemClock } from "../../supabase/functions/_shared/time/clock.ts";
import { expireLease, type JobDatabase, jobDatabase } from "./jobs/jobDatabase.ts";
import { frameOf, recordFrames } from "./metricsFixture.ts";

const job = "metrics-rollup";
const hour = 3_600_000;
const deadline = { signal: new AbortController().signal, remainingMs: () => 60_000, shouldYield: () => false };

/** Five thousand calls and counts of the last eight hours, more than one piece of samples and several hours. */
async function plant({ sql }: JobDatabase): Promise<{ fromMs: number; toMs: number }> {
  const now = Date.now();
  for (let writer = 0; writer < 5; writer++) {
    const frames = Array.from({ length: 50 }, (_, at) => {
      const operations = Object.fromEntries(Array.from({ length: 10 }, (_, op) => [`op${op}`, [1 + at, 5]]));
      return frameOf(at + 1, now - 8 * hour + at * 9 * 60_000, operations, { counters: { hits: 2 } });
    });
    await recordFrames(sql, crypto.randomUUID(), frames, now);
  }
  return { fromMs: now - 9 * hour, toMs: now + hour };
}

async function totals({ admin }: JobDatabase, window: { fromMs: number; toMs: number }) {
  const { series, counters } = await postgresMetricsReader(admin.sql).read(window);
  const sum = (of: (one: (typeof series)[number]) => number) => series.reduce((total, one) => total + of(one), 0);
  return {
    calls: sum(({ count }) => count),
    sumMs: sum(({ sumMs }) => sumMs),
    worst: sum(({ quantileMs }) => quantileMs(0.99)),
    hits: counters.get("hits"),
  };
}

const optionsOf = ({ admin }: JobDatabase) => ({
  store: postgresJobStore(admin.sql),
  job,
  deadline,
  readProgress: readRollUpProgress,
});

/** A database whose transactions end before their commit from the given one on, as if the runner had been killed there. */
function dying(admin: Database, commits: number): Database {
  let left = commits;
  return {
    sql: admin.sql,
    call: admin.call,
    transaction: (work, options) =>
      admin.transaction(async (sql) => {
        const result = await work(sql);
        if (left-- <= 0) throw new Error("killed");
        return result;
      }, options),
  };
}

Deno.test("metrics-rollup merges all there is, computes what is over, and leaves nothing waiting", async () => {
  await using database = await jobDatabase({ keepSchedules: true });
  const window = await plant(database);
  const before = await totals(database, window);
  assert.deepEqual([before.calls, before.hits], [5_000, 500]);
  const work = (chunk: JobChunk<RollUpProgress>) => rollUpMeasurements(chunk, { admin: database.admin });
  const rehearsed = await rehearseJob({ sql: database.admin.sql, job, work, deadline, clock: systemClock });
  assert.deepEqual(rehearsed, { isComplete: true, outcome: { samples: 2_750, marks: 0 } });
  const result = await runLeasedJob({ ...optionsOf(database), work });
  assert.equal(result.status, "succeeded");
  const outcome = result.status === "succeeded" ? result.outcome as Record<string, number> : assert.fail();
  assert.deepEqual([outcome.merged, outcome.purged], [2_750, 0]);
  assert.ok(outcome.hours! >= 6, JSON.stringify(outcome));
  assert.deepEqual(await totals(database, window), before);
  const [left] = await database.sql`select count(*)::integer as n from resilience.metric_samples`;
  assert.equal(left!.n, 0);
});

Deno.test("metrics-rollup that is killed, within any of its pieces or between them, neither loses nor doubles anything", async () => {
  for (let commits = 0; commits <= 9; commits++) {
    await using database = await jobDatabase({ keepSchedules: true });
    const window = await plant(database);
    const before = await totals(database, window);
    const killed = dying(database.admin, commits);
    const dead = await runLeasedJob({
      ...optionsOf(database),
      work: async (chunk: JobChunk<RollUpProgress>) => {
        try {
          return await rollUpMeasurements(chunk, { admin: killed });
        } catch {
          // It says nothing more: its lease runs out, and another takes over and finishes.
          assert.deepEqual(await totals(database, window), before, `killed after ${commits}`);
          await expireLease(database.sql, job);
          const heir = await runLeasedJob({
            ...optionsOf(database),
            work: (chunk: JobChunk<RollUpProgress>) => rollUpMeasurements(chunk, { admin: database.admin }),
          });
          assert.equal(heir.status, "succeeded");
          assert.deepEqual(await totals(database, window), before, `taken over after ${commits}`);
          // It was not dead after all, and goes on where it stood.
          return await rollUpMeasurements(chunk, { admin: database.admin });
        }
      },
    });
    assert.ok(dead.status === "lost" || dead.status === "succeeded", dead.status);
    assert.deepEqual(await totals(database, window), before, `after ${commits}`);
  }
});

Deno.test("two runners of the roll-up at one time, whatever leases say, do not merge anything twice", async () => {
  await using database = await jobDatabase({ keepSchedules: true });
  const window = await plant(database);
  const before = await totals(database, window);
  const chunkOf = (progress: RollUpProgress | undefined) =>
    ({ isDryRun: false, payload: {}, progress, saveProgress: () => Promise.resolve() }) as unknown as JobChunk<
      RollUpProgress
    >;
  const run = async () => {
    let progress: RollUpProgress | undefined;
    for (;;) {
      const result = await rollUpMeasurements(chunkOf(progress), { admin: database.admin });
      if (result.isDone) return;
      progress = result.progress;
    }
  };
  await Promise.all([run(), run(), run()]);
  assert.deepEqual(await totals(database, window), before);
});
