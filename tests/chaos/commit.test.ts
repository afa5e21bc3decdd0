// deno-lint-ignore-file no-console -- the figures and the seed that replays them
import assert from "node:assert/strict";
import { findPgbouncer, startPgbouncer } from "../integration/connectPgbouncer.ts";
import type { TestDatabase } from "../harness/testDatabase.ts";
import { paymentsDatabase } from "./commitFixture.ts";
import { type CutResult, sweepCuts } from "./commitSweep.ts";

const seed = Number(Deno.env.get("BALLAST_CHAOS_SEED") ?? Math.floor(Math.random() * 1e9));
const pgbouncer = await findPgbouncer();

/** Asserts that each payment is there exactly once and has the id that its caller was told. */
async function assertOnce(database: TestDatabase, results: readonly CutResult[], how: string): Promise<void> {
  const rows = await database.sql<{ name: string; ids: string[] }[]>`
    select name, array_agg(id::text) as ids from public.payments group by name`;
  const ids = new Map(rows.map((row) => [row.name, row.ids]));
  for (const { name, id, error } of results) {
    assert.equal(error, undefined, `${how}, ${name}, seed ${seed}: ${error}`);
    assert.deepEqual(ids.get(name), [id], `${how}, ${name}, seed ${seed}`);
  }
}

function report(how: string, results: readonly CutResult[]): string {
  const count = (has: (result: CutResult) => boolean) => results.filter(has).length;
  const landed = count(({ settled, runs }) => settled.includes("landed") && runs === 1);
  const again = count(({ runs }) => runs > 1);
  const untouched = count(({ settled, runs }) => runs === 1 && settled.length === 0);
  return `${how}: ${results.length} cuts, landed ${landed}, work ran again ${again}, cut before the work or after commit ${untouched}, ` +
    `asked ${count(({ settled }) => settled.length > 0)}`;
}

for (const how of ["direct", "behind a transaction pooler"]) {
  const isPooled = how !== "direct";
  const isSkipped = isPooled && pgbouncer === undefined;
  Deno.test({
    name: `cut at every byte of BEGIN..COMMIT, a transaction lands exactly once, ${how}${
      isSkipped ? " (SKIPPED: pgbouncer is not installed, 'apt-get install pgbouncer')" : ""
    }`,
    ignore: isSkipped,
    async fn() {
      await using database = await paymentsDatabase();
      await using poolers = new AsyncDisposableStack();
      const urls = [database.url];
      if (isPooled) {
        // A cut in a transaction costs a pooler one of its two server connections: with several the rest goes on.
        const started = await Promise.all(Array.from({ length: 5 }, () => startPgbouncer(pgbouncer!, database.url)));
        urls.splice(0, 1, ...started.map((pooler) => poolers.use(pooler).url));
      }
      for (const direction of ["to server", "to client"] as const) {
        for (const isKeyed of [true, false]) {
          const results = await sweepCuts(urls, { direction, isPooled, isKeyed, seed });
          const label = `${how}, ${direction}, ${isKeyed ? "under a key" : "without a key"}`;
          console.log(`seed ${seed}: ${report(label, results)}`);
          await assertOnce(database, results, label);
          // An exchange has as many bytes as ids and times have digits: 150 and more, a few less at times.
          assert.ok(results.length > 120, `${label}: ${results.length} cuts`);
        }
      }
    },
  });
}
