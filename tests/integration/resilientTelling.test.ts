import assert from "node:assert/strict";
import postgres from "postgres";
import {
  createResilientDb,
  type DbResult,
  type ResilientDb,
  type ResilientDbOptions,
} from "../../supabase/functions/_shared/resilientDbWrapper.ts";
import { createSchemaVersionManager } from "../../supabase/functions/_shared/schemaVersioning.ts";
import { causedBy, currentCause } from "../../supabase/functions/_shared/telemetry/causeScope.ts";
import type { KernelEvent, KernelEventKind } from "../../supabase/functions/_shared/telemetry/kernelEvent.ts";
import { connect } from "../../local/database/connect.ts";
import { RecordingObserver } from "../harness/recordingObserver.ts";
import { type TestDatabase, testDatabase } from "../harness/testDatabase.ts";

const quiet = { schemaPollMs: 0 };

/** Keeps on behalf of which request an event was told. */
class RequestObserver extends RecordingObserver {
  readonly requests = new Map<KernelEvent, string | undefined>();

  override happened(event: KernelEvent): void {
    super.happened(event);
    this.requests.set(event, currentCause()?.requestId);
  }

  of(kind: KernelEventKind): readonly KernelEvent[] {
    return this.events.filter((event) => event.kind === kind);
  }
}

function dataOf<Data>({ data, error }: DbResult<Data>): Data {
  if (error !== null) throw new Error(`${error.code}: ${error.message}`, { cause: error });
  return data;
}

const asRequest = <Result>(requestId: string, work: () => Result) =>
  causedBy({ requestId, functionName: "orders" }, work);

async function ordersDatabase(): Promise<TestDatabase & { change(ddl: string): Promise<void> }> {
  const database = await testDatabase();
  await database.sql.unsafe(`
    drop table if exists public.orders cascade;
    create table public.orders (id int primary key, total numeric(10, 2), state text not null default 'new', note text);
    alter table public.orders enable row level security;
    grant all on public.orders to service_role, postgres;
    insert into public.orders values (100, 1), (101, 1);
  `);
  const change = async (ddl: string) => {
    const versions = createSchemaVersionManager(database.sql);
    await versions.initialize();
    await database.sql.unsafe(ddl);
    await versions.check();
    await versions.close();
  };
  return { ...database, change };
}

function open(database: TestDatabase, options: ResilientDbOptions = {}) {
  const observer = new RequestObserver();
  const db = createResilientDb(database.url, { ...quiet, poolSize: 4, observer, ...options });
  return { db, observer, [Symbol.asyncDispose]: () => db.close() };
}

Deno.test("every statement is told with its shape, and never with a value", async () => {
  await using database = await ordersDatabase();
  await using opened = open(database);
  const { db, observer } = opened;
  dataOf(await db.insert("orders", [{ id: 1, total: 5 }, { id: 2, total: 6 }]));
  dataOf(await db.upsert("orders", { id: 1, note: "secret" }, { onConflict: "id" }));
  dataOf(await db.update("orders", { note: "secret" }, { id: 1 }));
  dataOf(await db.select("orders", { columns: ["id"], match: { note: "secret" } }));
  dataOf(await db.delete("orders", { id: 2 }));
  assert.equal((await db.rpc("nothing_like_it", { secret: "secret" })).error !== null, true);
  await db.batch("orders", [{ id: 3, total: 1 }, { id: 4, total: 2 }]);
  dataOf(await db.transaction((tx) => tx.insert("orders", { id: 5 })));
  const told = observer.calls.map(({ operation, hasFailed, shape }) => [operation, hasFailed, shape]);
  assert.deepEqual(told, [
    ["db.insert", false, "insert public.orders (id, total) x2"],
    ["db.upsert", false, "upsert public.orders (id, note)"],
    ["db.update", false, "update public.orders (note) where (id)"],
    ["db.select", false, "select public.orders (id) where (note)"],
    ["db.delete", false, "delete public.orders where (id)"],
    ["db.rpc", true, "rpc public.nothing_like_it (secret)"],
    ["db.batch.chunk", false, undefined],
    ["db.batch", false, "batch public.orders (id, total) x2"],
    ["db.insert", false, "insert public.orders (id)"],
    ["db.transaction", false, "transaction"],
  ]);
  assert.ok(observer.calls.every(({ durationMs }) => durationMs >= 0));
  assert.deepEqual(observer.events, []);
});

Deno.test("a heal is told once, under the id that it has in the ledger, and repeats are counted", async () => {
  await using database = await ordersDatabase();
  await using opened = open(database);
  const { db, observer } = opened;
  await database.change("alter table public.orders rename column total to amount");
  const { healing } = await asRequest("req-1", () => db.insert("orders", { id: 1, total: 12.5 }));
  dataOf(await asRequest("req-2", () => db.insert("orders", { id: 2, total: 13 })));
  dataOf(await asRequest("req-3", () => db.insert("orders", [{ id: 3, total: 1 }, { id: 4, total: 2 }])));
  const [event, ...more] = observer.of("heal");
  assert.deepEqual(more, []);
  const { costMs, ...told } = event!;
  assert.ok(costMs! >= 0);
  assert.deepEqual(told, {
    kind: "heal",
    subject: "public.orders",
    ref: `heal:${healing[0]!.id}`,
    cause: "sqlstate:42703",
    detail: { diagnosis: "unknown_column", strategy: "catalog_rename", from: "total", to: "amount" },
  });
  assert.equal(observer.requests.get(event!), "req-1");
  const rows = await database.sql<
    { id: string; request_id: string }[]
  >`select id, request_id from resilience.healing_events`;
  assert.deepEqual(rows.map(({ id, request_id }) => [`heal:${id}`, request_id]), [[told.ref, "req-1"]]);
  assert.equal(observer.counts.get("heal.deterministic"), 1);
  assert.equal(observer.counts.get("heal.compiled"), 2);
  assert.equal(observer.calls.filter(({ operation }) => operation === "heal").length, 1);
});

Deno.test("a change of the schema is told, and what was known before and is dropped for it", async () => {
  await using database = await ordersDatabase();
  await using opened = open(database);
  const { db, observer } = opened;
  await database.change("alter table public.orders rename column total to amount");
  dataOf(await db.insert("orders", { id: 1, total: 1 }));
  await database.sql`alter table public.orders rename column note to remark`;
  dataOf(await db.insert("orders", { id: 2, note: "a" }));
  const [{ version } = { version: 0 }] = await database.sql<{ version: number }[]>`
    select max(version)::int as version from resilience.schema_versions`;
  assert.deepEqual(observer.of("schema_change"), [{
    kind: "schema_change",
    subject: "public",
    ref: `schema:${version}`,
    detail: { changes: 1, severity: "high" },
  }]);
  assert.deepEqual(observer.of("invalidation").map(({ subject, cause }) => [subject, cause]), [
    ["plans", `schema:${version}`],
    ["column-types", `schema:${version}`],
    ["column-names", `schema:${version}`],
    ["patterns", `schema:${version}`],
    ["rules", `schema:${version}`],
  ]);
  assert.equal(observer.counts.get("cache.plans.invalidated"), 1);
  assert.ok(observer.calls.some(({ operation, hasFailed }) => operation === "schema.check" && !hasFailed));
});

Deno.test("fields set aside and writes given up are told, and what could not be healed is counted", async () => {
  await using database = await ordersDatabase();
  await using opened = open(database);
  const { db, observer } = opened;
  dataOf(await db.insert("orders", { id: 1, zzqx: "secret", qqwj: 2 }));
  assert.deepEqual(observer.of("rescue").map(({ subject, detail }) => [subject, detail]), [["public.orders", {
    fields: 2,
  }]]);
  assert.equal(observer.counts.get("rescue.fields"), 2);
  const { error } = await db.insert("orders", { id: 2, total: "much" });
  assert.equal(error?.deadLetterIds.length, 1);
  assert.deepEqual(observer.of("dead_letter"), [{
    kind: "dead_letter",
    subject: "public.orders",
    cause: "sqlstate:22P02",
    detail: { operation: "insert", letters: 1 },
  }]);
  assert.equal(observer.counts.get("heal.refused"), 1);
  assert.deepEqual(observer.calls.filter(({ operation }) => operation === "heal").map(({ hasFailed }) => hasFailed), [
    false,
    true,
  ]);
  for (const key of [1, 2, 1]) {
    const report = await db.batch("orders", [{ id: 10 + key, total: "much" }, { id: 20 + key, total: 1 }], {
      idempotencyKey: `batch-${key}`,
    });
    assert.equal(report.deadLettered, 1);
  }
  assert.equal(observer.counts.get("dead_letter"), 3, "a batch that is sent again keeps nothing again");
  assert.ok(!JSON.stringify(observer.events).includes("secret"));
});

Deno.test("a deadlock is told as a retry of the request that it met, also of a transaction through the driver", async () => {
  await using database = await ordersDatabase();
  await using superuser = connect(database.superuserUrl);
  await superuser.unsafe(`alter database "${new URL(database.url).pathname.slice(1)}" set deadlock_timeout = '20ms'`);
  const client = postgres(database.url, { max: 2, onnotice: () => {} });
  const observer = new RequestObserver();
  const db = createResilientDb(client, { ...quiet, observer });
  const { promise: met, resolve: meet } = Promise.withResolvers<void>();
  let come = 0;
  const lockBoth = (first: number, second: number) => () =>
    db.transaction(async (tx) => {
      dataOf(await tx.update("orders", { note: "a" }, { id: first }));
      if (++come >= 2) meet();
      await met;
      const { data, error } = await tx.update("orders", { note: "b" }, { id: second });
      if (error !== null) throw error;
      return data.length;
    });
  const results = await Promise.all([
    asRequest("req-a", lockBoth(100, 101)),
    asRequest("req-b", lockBoth(101, 100)),
  ]);
  for (const result of results) assert.equal(dataOf(result), 1);
  const again = results.findIndex(({ attempts }) => attempts > 1);
  const [retry] = observer.of("retry");
  assert.deepEqual([retry?.subject, retry?.cause], ["transaction", "sqlstate:40P01"]);
  assert.equal(retry!.costMs, retry!.detail!["waitMs"]);
  assert.equal(observer.requests.get(retry!), ["req-a", "req-b"][again]);
  await db.close();
  await client.end({ timeout: 1 });
});

const ways: readonly (readonly [string, (database: TestDatabase) => { db: ResilientDb; close(): Promise<void> }])[] = [
  ["a connection string", (database) => {
    const db = createResilientDb(database.url, { ...quiet, poolSize: 1 });
    return { db, close: () => db.close() };
  }],
  ["a postgres.js client", (database) => {
    const client = postgres(database.url, { max: 1, onnotice: () => {} });
    const db = createResilientDb(client, quiet);
    return { db, close: () => db.close().then(() => client.end({ timeout: 1 })) };
  }],
];

for (const [name, make] of ways) {
  Deno.test(`${name}: requests that share a database and its one connection are told apart in the ledger`, async () => {
    await using database = await ordersDatabase();
    const { db, close } = make(database);
    await Promise.all(Array.from({ length: 8 }, (_, at) =>
      asRequest(`req-${at}`, async () => {
        const { error } = await db.insert("orders", { id: 200 + at, total: `much ${at}` });
        assert.equal(error?.deadLetterIds.length, 1);
        // Each in a transaction that has to wait for the connection, and with a key of its own.
        dataOf(await db.transaction((tx) => tx.insert("orders", { id: 300 + at, [`unknown_${at}`]: at })));
        await db.batch("orders", [{ id: 400 + at, total: `much ${at}` }], { idempotencyKey: `key-${at}` });
      })));
    await db.flush();
    const letters = await database.sql<{ request_id: string; payload: string }[]>`
      select request_id, payload::text as payload from resilience.dead_letters order by request_id, payload`;
    assert.equal(letters.length, 16);
    for (const { request_id, payload } of letters) {
      assert.equal(request_id, `req-${/much (\d)/.exec(payload)?.[1]}`, payload);
    }
    const heals = await database.sql<{ request_id: string; key: string }[]>`
      select request_id, from_name as key from resilience.healing_events where from_name like 'unknown%'`;
    assert.equal(heals.length, 8);
    for (const { request_id, key } of heals) assert.equal(request_id, `req-${key.at(-1)}`);
    await close();
  });
}
