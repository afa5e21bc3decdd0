import assert from "node:assert/strict";
import type { Database, SqlTag } from "../../_shared/db/database.ts";
import type { JobChunk } from "../../_shared/jobs/runLeasedJob.ts";
import { purgeExpired, type PurgeProgress, readPurgeProgress } from "./purgeExpired.ts";
import type { PurgeTarget } from "./purgeTargets.ts";

const noRows = (() => Promise.resolve([])) as SqlTag;
const admin: Database = { sql: noRows, call: noRows, transaction: (work) => work(noRows) };

function pile(name: string, rows: number): PurgeTarget & { rows: number } {
  return {
    name,
    rows,
    purge(_sql, { limit, isDryRun }) {
      const count = Math.min(this.rows, limit);
      if (!isDryRun) this.rows -= count;
      return Promise.resolve(count);
    },
  };
}

/** Runs chunk after chunk, each with the cursor of the one before, and gives what happened. */
async function purgeAll(targets: readonly PurgeTarget[], options: Partial<JobChunk<PurgeProgress>> = {}) {
  const cursors: PurgeProgress[] = [];
  let progress = options.progress;
  for (;;) {
    const chunk = {
      isDryRun: false,
      payload: {},
      ...options,
      progress,
      saveProgress: (_sql: SqlTag, next: PurgeProgress) => Promise.resolve(void cursors.push(next)),
    } as unknown as JobChunk<PurgeProgress>;
    const result = await purgeExpired(chunk, { admin }, targets);
    if (result.isDone) return { cursors, outcome: result.outcome };
    progress = result.progress;
  }
}

Deno.test("purgeExpired takes a thousand rows a chunk, target by target, and saves where it stands", async () => {
  const targets = [pile("a", 2500), pile("b", 0), pile("c", 1000)];
  const { cursors, outcome } = await purgeAll(targets);
  assert.deepEqual(targets.map(({ rows }) => rows), [0, 0, 0]);
  assert.deepEqual(outcome, { purged: { a: 2500, b: 0, c: 1000 } });
  assert.deepEqual(cursors.map(({ target, purged }) => `${target} ${purged.a} ${purged.c}`), [
    "a 1000 undefined",
    "a 2000 undefined",
    "b 2500 undefined",
    "c 2500 undefined",
    "c 2500 1000",
  ]);
});

Deno.test("purgeExpired goes on from a cursor and keeps its counts", async () => {
  const targets = [pile("a", 5), pile("b", 7)];
  const { outcome } = await purgeAll(targets, { progress: { target: "b", purged: { a: 3 } } });
  assert.deepEqual(outcome, { purged: { a: 3, b: 7 } });
  assert.equal(targets[0]?.rows, 5);
});

Deno.test("purgeExpired counts and removes nothing in a dry run", async () => {
  const targets = [pile("a", 2500), pile("b", 3)];
  const { outcome } = await purgeAll(targets, { isDryRun: true });
  assert.deepEqual(outcome, { purged: { a: 2500, b: 3 } });
  assert.deepEqual(targets.map(({ rows }) => rows), [2500, 3]);
});

Deno.test("purgeExpired refuses a retention that would remove everything", async () => {
  await assert.rejects(purgeAll([pile("a", 1)], { payload: { jobRunDays: 0 } }), { name: "ZodError" });
});

Deno.test("readPurgeProgress starts over where the cursor is not of this version", () => {
  const targets = [pile("a", 0)];
  assert.deepEqual(readPurgeProgress({ target: "a", purged: { a: 1 } }, targets), { target: "a", purged: { a: 1 } });
  for (const saved of [{ target: "gone", purged: {} }, { target: "a" }, 7, null, "a"]) {
    assert.equal(readPurgeProgress(saved, targets), undefined);
  }
});
