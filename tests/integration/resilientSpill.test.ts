import assert from "node:assert/strict";
import { createClient } from "@supabase/supabase-js";
import { localBreaker } from "../../supabase/functions/_shared/breaker/localBreaker.ts";
import {
  createResilientDb,
  type ResilientDb,
  type ResilientDbOptions,
} from "../../supabase/functions/_shared/resilientDbWrapper.ts";
import { systemClock } from "../../supabase/functions/_shared/time/clock.ts";
import { FakeClock } from "../harness/fakeClock.ts";
import { type TestDatabase, testDatabase } from "../harness/testDatabase.ts";
import { type DbProxy, dbProxy } from "./dbProxy.ts";

const spill = { durability: "spill" } as const;

/** A clock whose waits are over at once where a call waits, and never where the queue does: `flush` sends. */
const hasty = {
  ...systemClock,
  setTimer: (callback: () => void, delayMs: number) =>
    systemClock.setTimer(callback, delayMs < 200 ? delayMs : 3_600_000),
};

interface Outage extends AsyncDisposable {
  readonly db: ResilientDb;
  readonly database: TestDatabase;
  readonly errors: { code?: string }[];
  /** Nobody answers at the database's address any more. */
  takeDown(): Promise<void>;
  bringUp(): void;
}

/** A resilient database whose server can be taken down and brought up again at the same address. */
async function outage(options: ResilientDbOptions = {}): Promise<Outage> {
  const database = await testDatabase();
  await database
    .sql`create table public.notes (id int primary key, text text not null, seq int generated always as identity)`;
  let proxy: DbProxy | undefined = dbProxy(database.url, { delayMs: 0 });
  const url = proxy.url;
  const errors: { code?: string }[] = [];
  const db = createResilientDb(url, {
    schemaPollMs: 0,
    ledger: database.url,
    breaker: localBreaker({ failureThreshold: 3, openMs: 1, maxOpenMs: 1 }),
    deadline: { remainingMs: () => 40 },
    clock: hasty,
    onError: (error) => void errors.push(error as { code?: string }),
    ...options,
  });
  return {
    db,
    database,
    errors,
    async takeDown() {
      await proxy?.[Symbol.asyncDispose]();
      proxy = undefined;
    },
    bringUp: () => void (proxy = dbProxy(database.url, { delayMs: 0, port: Number(new URL(url).port) })),
    async [Symbol.asyncDispose]() {
      await db.close();
      await proxy?.[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

const notesOf = async ({ sql }: TestDatabase) =>
  (await sql`select id, text from public.notes order by seq`).map(({ id, text }) => [id, text]);

Deno.test("a write that meets nobody is kept, never acknowledged, and lands in its order once the database is back", async () => {
  await using it = await outage();
  await it.db.insert("notes", { id: 1, text: "before" });
  await it.takeDown();
  await it.db.select("notes"); // Finds out that the open connection has gone.
  const kept = [
    await it.db.insert("notes", { id: 2, text: "two" }, spill),
    await it.db.upsert("notes", { id: 2, text: "three" }, { onConflict: "id", ...spill }),
    await it.db.update("notes", { text: "four" }, { id: 1 }, spill),
    await it.db.insert("notes", { id: 5, text: "five" }, spill),
    await it.db.delete("notes", { id: 5 }, spill),
  ];
  assert.deepEqual(
    kept.map(({ data, error }) => [data, error?.code, error?.isOutcomeUnknown]),
    kept.map(() => [null, "SPILLED", true]),
  );
  assert.equal(it.db.spill().waiting, 5);
  assert.ok(it.db.spill().bytes > 50);
  await it.db.flush();
  assert.equal(it.db.spill().waiting, 5, "it is down still");
  it.bringUp();
  await new Promise((resolve) => setTimeout(resolve, 5)); // The breaker's own time.
  await it.db.flush();
  assert.deepEqual(it.db.spill(), { waiting: 0, bytes: 0, sent: 5, lost: 0 });
  assert.deepEqual(await notesOf(it.database), [[1, "four"], [2, "three"]]);
});

Deno.test("a write that is not marked, a read and a transaction fail at once while the breaker is open", async () => {
  const clock = new FakeClock();
  await using it = await outage({ breaker: localBreaker({ failureThreshold: 1, clock }) });
  await it.takeDown();
  assert.equal((await it.db.insert("notes", { id: 1, text: "x" })).error?.code, "ECONNREFUSED");
  const startedAt = performance.now();
  const refused = [
    await it.db.insert("notes", { id: 1, text: "x" }),
    await it.db.select("notes"),
    await it.db.transaction((tx) => tx.select("notes")),
    await it.db.rpc("now"),
  ];
  assert.ok(performance.now() - startedAt < 100);
  assert.deepEqual(
    refused.map(({ error, attempts }) => [error?.code, attempts]),
    refused.map(() => ["BREAKER_OPEN", 0]),
  );
  it.bringUp();
  await clock.advance(1_000);
  assert.equal((await it.db.select("notes")).error, null);
  assert.equal((await it.db.insert("notes", { id: 1, text: "x" })).error, null);
});

Deno.test("faults of the data do not open the breaker", async () => {
  await using it = await outage({ breaker: localBreaker({ failureThreshold: 1 }) });
  await it.db.insert("notes", { id: 1, text: "x" });
  assert.equal((await it.db.insert("notes", { id: 1, text: "x" })).error?.code, "23505");
  assert.equal((await it.db.select("notes")).error, null);
});

Deno.test("what is spilled is a copy, and what is no good is told and kept as a dead letter, its neighbours land", async () => {
  await using it = await outage();
  await it.takeDown();
  const mine = { id: 1, text: "mine" };
  await it.db.insert("notes", mine, spill);
  mine.text = "changed";
  await it.db.insert("notes", { id: 2, text: null }, spill);
  await it.db.insert("notes", { id: 1, text: "again" }, spill);
  await it.db.insert("notes", { id: 3, text: "three" }, spill);
  it.bringUp();
  await new Promise((resolve) => setTimeout(resolve, 5));
  await it.db.flush();
  assert.deepEqual(it.db.spill(), { waiting: 0, bytes: 0, sent: 3, lost: 1 });
  assert.deepEqual(it.errors.map(({ code }) => code), ["23502", "23505"]);
  assert.deepEqual(await notesOf(it.database), [[1, "mine"], [3, "three"]]);
  const letters = await it.database.sql`select error_code from resilience.dead_letters`;
  assert.deepEqual(letters.map(({ error_code }) => error_code), ["23502"]);
});

Deno.test("while some wait, a later one is not sent before them", async () => {
  await using it = await outage();
  await it.takeDown();
  await it.db.insert("notes", { id: 1, text: "first" }, spill);
  it.bringUp();
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal((await it.db.insert("notes", { id: 2, text: "second" }, spill)).error, null);
  assert.deepEqual(await notesOf(it.database), [[1, "first"], [2, "second"]]);
});

Deno.test("a spill is sent by itself, under waitUntil, once the database is back", async () => {
  const clock = new FakeClock();
  const works: Promise<unknown>[] = [];
  await using it = await outage({
    clock,
    deadline: { remainingMs: () => 0 },
    breaker: localBreaker({ clock }),
    waitUntil: (work) => void works.push(work),
  });
  await it.takeDown();
  assert.equal((await it.db.insert("notes", { id: 1, text: "x" }, spill)).error?.code, "SPILLED");
  await clock.advance(30_000); // Nobody is there yet.
  it.bringUp();
  for (let round = 0; round < 100 && it.db.spill().waiting > 0; round++) {
    await clock.advance(30_000);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.equal(it.db.spill().sent, 1);
  assert.deepEqual(await notesOf(it.database), [[1, "x"]]);
  await it.db.flush();
  await Promise.all(works);
});

Deno.test("a connection that is lost in the middle: spilled only under a key, and has its effect once", async () => {
  const database = await testDatabase();
  await database.sql`create table public.notes (id int generated always as identity, text text)`;
  const proxy = dbProxy(database.url, { delayMs: 0 });
  const db = createResilientDb(proxy.url, {
    schemaPollMs: 0,
    ledger: database.url,
    deadline: { remainingMs: () => 0 }, // No second try of its own.
    clock: hasty,
  });
  try {
    await db.select("notes");
    proxy.cutAfter(1);
    const plain = await db.insert("notes", { text: "plain" }, spill);
    assert.deepEqual([plain.error?.code !== "SPILLED", plain.error?.isOutcomeUnknown], [true, true]);
    proxy.cutAfter(Infinity);
    for (let bursts = 1; bursts <= 8; bursts++) {
      await db.flush();
      await db.select("notes");
      proxy.cutAfter(bursts);
      const text = `after-${bursts}`;
      const { error } = await db.insert("notes", { text }, { ...spill, idempotencyKey: text });
      assert.ok(error === null || error.code === "SPILLED", error?.code);
      proxy.cutAfter(Infinity);
      await db.flush();
      await db.flush();
      const [{ count }] = await database
        .sql`select count(*)::int from public.notes where text = ${text}` as unknown as [{ count: number }];
      assert.equal(count, 1, text);
    }
    assert.ok(db.spill().sent > 0);
    assert.equal(db.spill().lost, 0);
  } finally {
    await db.close();
    await proxy[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  }
});

Deno.test("more than fits is refused, and what is left at the end is told as lost", async () => {
  const errors: { code?: string }[] = [];
  {
    await using it = await outage({
      spill: { mostWrites: 2, mostBytes: 200 },
      onError: (error) => void errors.push(error as { code?: string }),
    });
    await it.takeDown();
    const code = async (text: string, id = 1) => (await it.db.insert("notes", { id, text }, spill)).error?.code;
    assert.equal(await code("x".repeat(300)), "SPILL_FULL");
    assert.deepEqual([await code("a"), await code("b", 2), await code("c", 3)], ["SPILLED", "SPILLED", "SPILL_FULL"]);
    await it.db.close();
    assert.deepEqual(it.db.spill(), { waiting: 0, bytes: 0, sent: 0, lost: 2 });
  }
  assert.deepEqual(errors.map(({ code }) => code), ["SPILL_LOST"]);
});

Deno.test("through PostgREST a spill is refused, as nothing there has its effect once", async () => {
  const client = createClient("http://127.0.0.1:9", "key", {
    auth: { persistSession: false, autoRefreshToken: false },
  });
  const db = createResilientDb(client, { schemaPollMs: 0 });
  const { error } = await db.insert("notes", { id: 1 }, spill);
  assert.equal(error?.code, "INVALID_CALL");
  await db.close();
});

Deno.test("a flush that loses its connection, wherever it does, is repeated and has its effect once", async () => {
  const database = await testDatabase();
  await database.sql`create table public.notes (id int generated always as identity, text text)`;
  const proxy = dbProxy(database.url, { delayMs: 0 });
  let isOpen = false;
  const db = createResilientDb(proxy.url, {
    schemaPollMs: 0,
    ledger: database.url,
    deadline: { remainingMs: () => 0 },
    breaker: { allows: () => !isOpen, report: () => {} },
    clock: hasty,
  });
  try {
    for (let bursts = 1; bursts <= 8; bursts++) {
      const text = `after ${bursts}`;
      isOpen = true;
      assert.equal((await db.insert("notes", { text }, spill)).error?.code, "SPILLED");
      isOpen = false;
      await db.select("notes");
      await db.insert("notes", { text: "now prepared, an insert is one round trip" });
      proxy.cutAfter(bursts);
      await db.flush();
      proxy.cutAfter(Infinity);
      for (let round = 0; round < 3; round++) await db.flush();
      const found = await database.sql`select id from public.notes where text = ${text}`;
      assert.deepEqual([found.length, db.spill()], [1, { waiting: 0, bytes: 0, sent: bursts, lost: 0 }], text);
    }
  } finally {
    await db.close();
    await proxy[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  }
});
