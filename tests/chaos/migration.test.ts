// deno-lint-ignore-file no-console -- the figures and the seed that replays the migrations
import assert from "node:assert/strict";
import postgres from "postgres";
import { seededRandom } from "../../supabase/functions/_shared/random/seededRandom.ts";
import { createResilientDb, type ResilientDb } from "../../supabase/functions/_shared/resilientDbWrapper.ts";
import { createSchemaVersionManager } from "../../supabase/functions/_shared/schemaVersioning.ts";
import { waitUntil } from "../../local/database/waitUntil.ts";
import { type TestDatabase, testDatabase } from "../harness/testDatabase.ts";
import { findPgbouncer, startPgbouncer } from "../integration/connectPgbouncer.ts";
import { findLosses } from "./migrationLosses.ts";
import { bornTable, migrationDeck, newTable } from "./migrationPlan.ts";
import { rebuildPayloads } from "./migrationRebuilds.ts";
import { Traffic } from "./migrationTraffic.ts";

const seed = Number(Deno.env.get("BALLAST_CHAOS_SEED") ?? Math.floor(Math.random() * 1e9));
const isFull = Deno.env.get("BALLAST_CHAOS") === "full";
const migrations = isFull ? 400 : 30;
const pauseMs = 200;
const rebuiltOrders = 300;
/** Deploys do not follow each other faster than this many within the life of one request. */
const mostMet = 8;
const pgbouncer = await findPgbouncer();

/** Several isolates: each knows of the schema what it has seen itself. */
async function openIsolates(database: TestDatabase, closing: AsyncDisposableStack): Promise<ResilientDb[]> {
  const onError = (error: unknown) => console.log("beside a statement:", String(error));
  const open = (source: string | postgres.Sql, poolSize = 3) => {
    const db = createResilientDb(source, { poolSize, schemaPollMs: 0, onError });
    closing.defer(() => db.close());
    return db;
  };
  const clientOf = (url: string, options: postgres.Options<Record<string, never>> = {}) => {
    const client = postgres(url, { max: 4, onnotice: () => {}, ...options });
    closing.defer(() => client.end({ timeout: 5 }));
    return client;
  };
  const isolates = [open(database.url), open(database.url), open(database.url), open(clientOf(database.url))];
  if (pgbouncer !== undefined) {
    const pooler = closing.use(await startPgbouncer(pgbouncer, database.url));
    const plainUrl = new URL(pooler.url);
    plainUrl.search = "";
    isolates.push(open(pooler.url, 5), open(clientOf(plainUrl.href, { prepare: false })));
  }
  return isolates;
}

// A person who sees the old code and the list of migrations could serve every request here: each old name stands for one
// column that still holds it or was dropped, values keep their meaning in each type the column goes through, and what was
// sent for a dropped column can be set aside. Migrations come as deploys do: a watcher on the database's own notice of DDL
// has recorded one before the next one begins, as names in between that nobody has seen are nobody's to know.
const way = pgbouncer === undefined ? " (direct connections alone, as pgbouncer is not installed)" : "";
Deno.test(`while columns and tables are renamed, retyped, added and dropped, no request fails and no value is lost${way}`, async () => {
  await using database = await testDatabase();
  await database.sql.unsafe(bornTable);
  await using closing = new AsyncDisposableStack();
  const isolates = await openIsolates(database, closing);
  const versions = createSchemaVersionManager(database.url, { pollIntervalMs: 0 });
  closing.defer(() => versions.close());
  await versions.initialize();
  const table = newTable();
  const nextMigration = migrationDeck(seed, table);
  const counts = new Map<string, number>();
  const traffic = new Traffic();
  const startedAt = performance.now();

  async function migrate(): Promise<void> {
    for (let number = 1; number <= migrations; number++) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      assert.ok(
        await waitUntil(() => traffic.mostMet < mostMet, { timeoutMs: 60_000 }),
        `A request hangs, seed ${seed}`,
      );
      const { kind, statements } = nextMigration();
      await database.sql.begin(async (sql) => {
        for (const statement of statements) await sql.unsafe(statement);
      });
      await versions.check();
      traffic.migrations++;
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
    traffic.isOver = true;
    assert.ok(await waitUntil(() => traffic.isAtRest, { timeoutMs: 60_000 }), `A request hangs, seed ${seed}`);
  }
  const work = (count: number, run: (db: ResilientDb, draw: () => number) => Promise<void>, first: number) =>
    Array.from(
      { length: count },
      (_, at) => run(isolates[at % isolates.length]!, seededRandom(seed + first + at).next),
    );
  await Promise.all([
    migrate().finally(() => traffic.isOver = true),
    ...work(50, (db, draw) => traffic.write(db, draw), 1),
    ...work(20, (db, draw) => traffic.read(db, draw), 101),
  ]);
  for (const db of isolates) await db.flush();

  const losses = await findLosses(database.sql as never, table, traffic.landed);
  const taken = await database.sql`select id from public.kept_by_migrations`;
  const rebuilds = await rebuildPayloads(isolates.at(-1)!, {
    payloads: traffic.payloads,
    takenFrom: new Set(taken.map(({ id }) => Number(id))),
    sample: rebuiltOrders,
  });
  const { failures, landed, writes, reads, heals, latencies } = traffic;
  latencies.sort((a, b) => a - b);
  const at = (share: number) => Math.round(latencies[Math.floor(share * (latencies.length - 1))]!);
  console.log(
    `seed ${seed}: ${
      [...counts].map(([kind, count]) => `${kind} ${count}`).join(", ")
    }; ${writes} writes and ${reads} reads ` +
      `in ${Math.round((performance.now() - startedAt) / 1_000)} s, ${heals} healed, ${failures.length} failed, ` +
      `${losses.length} values lost of ${landed.size} orders; p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${
        at(1)
      } ms; ${rebuilds.exact} of ${rebuilds.asked} healed payloads rebuilt to the letter`,
  );
  if (failures.length > 0) {
    const groups = Map.groupBy(failures, (text) => text.replace(/\d+/g, "#").slice(0, 120));
    for (const [, list] of groups) console.log(`${list.length} x ${list[0]}`);
  }
  console.log([...losses.slice(0, 20), ...rebuilds.faults.slice(0, 20)].join("\n"));
  const replay = `BALLAST_CHAOS_SEED=${seed}`;
  assert.deepEqual([failures.length, losses.length, rebuilds.faults.length], [0, 0, 0], replay);
  assert.ok(rebuilds.exact > 0 && heals > migrations && landed.size > migrations, replay);
});
