import assert from "node:assert/strict";
import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import { callerDatabase } from "../../supabase/functions/_shared/db/callerDatabase.ts";
import { classifySqlState, sqlStateOf } from "../../supabase/functions/_shared/db/sqlState.ts";
import { setImmediate } from "node:timers";
import { client, notesDatabase, user } from "./dbFixture.ts";
import { dbProxy } from "./dbProxy.ts";

async function classOfFailure(work: Promise<unknown>): Promise<string> {
  const outcome = await work.then(() => "no failure", (error) => classifySqlState(sqlStateOf(error)));
  return outcome;
}

for (const isPooled of [false, true]) {
  const how = isPooled ? "pooled" : "direct";

  Deno.test(`a connection cut at any flight of a statement rejects, and the next one works, ${how}`, async () => {
    await using database = await notesDatabase();
    await using proxy = dbProxy(database.url, { delayMs: 3 });
    await using made = client(proxy.url, { isPooled });
    const db = callerDatabase(made, user(3));
    const statements = {
      parameters: () => db.sql`select count(*)::int as count from public.notes where id < ${1000}`,
      none: () => db.sql`select count(*)::int as count from public.notes where id < 1000`,
      admin: () => adminDatabase(made).sql`select 10 as count where ${1} = 1`,
      transaction: () =>
        db.transaction((sql) => sql`select count(*)::int as count from public.notes where id < ${1e3}`),
    };
    for (const statement of Object.values(statements)) {
      await statement();
      for (let flight = 1; flight <= (isPooled ? 3 : 2); flight++) {
        proxy.cutAfter(flight);
        const failure = await classOfFailure(statement());
        proxy.cutAfter(Infinity);
        assert.ok(failure === "connection_lost" || failure === "no failure", failure);
        if (flight === 1) assert.equal(failure, "connection_lost");
        assert.deepEqual(await statement(), [{ count: 10 }]);
      }
    }
  });
}

Deno.test("a transaction whose connection went while nothing was sent ends there, and nobody gets its statements", async () => {
  await using database = await notesDatabase();
  await using made = client(database.url);
  const db = callerDatabase(made, user(3));
  const lane = made.pool.lanes[0]!;
  await assert.rejects(
    db.transaction(async (sql) => {
      const { promise: isGone, resolve: gone } = Promise.withResolvers<void>();
      const tell = lane.onLost!;
      lane.onLost = () => (tell(), gone());
      const [{ pid }] = await sql`select pg_backend_pid() as pid` as [{ pid: number }];
      await database.sql`select pg_terminate_backend(${pid})`;
      await isGone;
      await sql`insert into public.notes (body) values ('written outside the transaction')`;
    }),
    (error) => classifySqlState(sqlStateOf(error)) === "connection_lost",
  );
  assert.equal((await database.sql`select 1 from public.notes where body like 'written%'`).length, 0);
  assert.deepEqual(await db.sql`select count(*)::int as count from public.notes`, [{ count: 10 }]);
});

Deno.test("a database that is not there: never_ran, at once for everybody, and fine when it is back", async () => {
  await using database = await notesDatabase();
  const proxy = dbProxy(database.url, { delayMs: 1 });
  const url = proxy.url;
  await proxy[Symbol.asyncDispose]();
  await using made = client(url);
  const db = callerDatabase(made, user(3));
  for (let round = 0; round < 2; round++) {
    const outcomes = await Promise.all([
      classOfFailure(db.sql`select 1`),
      classOfFailure(db.transaction((sql) => sql`select 1`)),
      classOfFailure(adminDatabase(made).sql`select ${1}::int`),
      classOfFailure(db.sql`select ${1}::int`),
    ]);
    assert.deepEqual(outcomes, ["never_ran", "never_ran", "never_ran", "never_ran"]);
  }
  await using _back = dbProxy(database.url, { delayMs: 1, port: Number(new URL(url).port) });
  assert.deepEqual(await db.sql`select ${1}::int as one`, [{ one: 1 }]);
  assert.deepEqual(await adminDatabase(made).sql`select ${1}::int as one`, [{ one: 1 }]);
});

Deno.test("a server that takes the connection and says nothing: connect timeout, not for ever", async () => {
  const silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const kept: Deno.Conn[] = [];
  const accepting = (async () => {
    for await (const connection of silent) kept.push(connection);
  })();
  const url = `postgres://postgres@127.0.0.1:${(silent.addr as Deno.NetAddr).port}/postgres`;
  {
    await using made = client(url, { connectTimeoutSeconds: 0.2 });
    assert.equal(await classOfFailure(callerDatabase(made, user(1)).sql`select 1`), "never_ran");
    assert.equal(await classOfFailure(adminDatabase(made).sql`select 1`), "never_ran");
  }
  silent.close();
  await accepting;
  for (const connection of kept) connection.close();
});

Deno.test("a server that closes connections before they are ready: given up soon, without a storm", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  let accepted = 0;
  const accepting = (async () => {
    for await (const connection of listener) {
      accepted++;
      connection.close();
    }
  })();
  {
    await using made = client(`postgres://postgres@127.0.0.1:${(listener.addr as Deno.NetAddr).port}/postgres`);
    const outcomes = await Promise.all([
      classOfFailure(callerDatabase(made, user(1)).sql`select 1`),
      classOfFailure(callerDatabase(made, user(1)).transaction((sql) => sql`select 1`)),
      classOfFailure(adminDatabase(made).sql`select 1`),
      classOfFailure(adminDatabase(made).sql`select 2`),
    ]);
    for (const outcome of outcomes) assert.ok(outcome === "never_ran" || outcome === "connection_lost", outcome);
  }
  assert.ok(accepted <= 8, `${accepted} connections for four statements`);
  listener.close();
  await accepting;
});

Deno.test("a wrong password is rights, and not tried again", async () => {
  await using database = await notesDatabase();
  await using proxy = dbProxy(database.url, { delayMs: 1 });
  const url = new URL(proxy.url);
  url.username = "nobody_of_that_name";
  await using made = client(url.href);
  assert.equal(await classOfFailure(callerDatabase(made, user(1)).sql`select 1`), "rights");
  assert.equal(await classOfFailure(adminDatabase(made).sql`select 1`), "rights");
  assert.equal(proxy.accepted, 2); // One each.
});

for (const isPooled of [false, true]) {
  Deno.test(`abort cancels the running statement and leaves the connection clean, ${isPooled ? "pooled" : "direct"}`, async () => {
    await using database = await notesDatabase();
    await using made = client(database.url, { isPooled });
    const running = async () =>
      (await database.sql`select 1 from pg_stat_activity
        where application_name = 'ballast/test' and state = 'active' and query like '%pg_sleep%'`).length;
    const until = async (wanted: number) => {
      while (await running() !== wanted);
    };
    const plain = callerDatabase(made, user(3));
    const kinds = {
      caller: (signal: AbortSignal) => callerDatabase(made, user(3), { signal }).sql`select pg_sleep(${30})`,
      constant: (signal: AbortSignal) => callerDatabase(made, user(3), { signal }).sql`select pg_sleep(30)`,
      admin: (signal: AbortSignal) => adminDatabase(made, { signal }).sql`select pg_sleep(${30})`,
      transaction: (signal: AbortSignal) =>
        callerDatabase(made, user(3), { signal }).transaction(async (sql) => {
          await sql`insert into public.notes (body) values ('half')`;
          await sql`select pg_sleep(${30})`;
        }),
    };
    for (const [kind, start] of Object.entries(kinds)) {
      for (let round = 0; round < 2; round++) {
        const abort = new AbortController();
        const work = start(abort.signal);
        work.catch(() => undefined);
        await until(1);
        const waiting = new AbortController();
        const queued = callerDatabase(made, user(3), { signal: waiting.signal }).sql`select 1`;
        const reason = new Error(`enough of ${kind}`);
        const abortedAt = performance.now();
        waiting.abort(reason);
        await assert.rejects(queued, reason);
        abort.abort(reason);
        await assert.rejects(work, reason);
        await until(0);
        assert.ok(performance.now() - abortedAt < 15_000, `${kind} slept on although it was cancelled`);
        assert.deepEqual(await plain.sql`select count(*)::int as count from public.notes`, [{ count: 10 }]);
      }
    }
    const aborted = AbortSignal.abort(new Error("too late"));
    await assert.rejects(callerDatabase(made, user(3), { signal: aborted }).sql`select 1`, { message: "too late" });
    await assert.rejects(adminDatabase(made, { signal: aborted }).sql`select 1`, { message: "too late" });
  });
}

Deno.test("an aborted statement on a shared connection never takes its neighbours along", async () => {
  await using database = await notesDatabase();
  await using made = client(database.url);
  const db = adminDatabase(made);
  await db.sql`select 1`;
  const abort = new AbortController();
  const slow = adminDatabase(made, { signal: abort.signal }).sql`select pg_sleep(0.3)`;
  const neighbours = Promise.all(Array.from({ length: 5 }, (_, index) => db.sql`select ${index}::int as index`));
  abort.abort(new Error("enough"));
  await assert.rejects(slow, { message: "enough" });
  assert.deepEqual((await neighbours).flat(), [0, 1, 2, 3, 4].map((index) => ({ index })));
});

for (const isPooled of [false, true]) {
  Deno.test(`a transaction begun as its connection dies settles, ${isPooled ? "pooled" : "direct"}`, async () => {
    await using database = await notesDatabase();
    await using proxy = dbProxy(database.url, { delayMs: 0 });
    // A connection that the driver never writes on would cost this long.
    await using made = client(proxy.url, { isPooled, connectTimeoutSeconds: 3 });
    const db = adminDatabase(made);
    const begin = () => db.transaction(async (sql) => (await sql`select 1 as one`).length);
    const classes = new Set<string>();
    for (let round = 0; round < 60; round++) {
      await begin();
      proxy.cut();
      // The close is noticed somewhere within the next turns of the event loop: each round begins at another one.
      for (let turn = 0; turn < round % 8; turn++) {
        await new Promise((resolve) => round % 2 ? setTimeout(resolve, 0) : setImmediate(resolve));
      }
      const first = await db.sql`select 1`.then(() => "fine", (error) => classifySqlState(sqlStateOf(error)));
      classes.add(first);
      assert.equal(await begin(), 1, `round ${round}, after ${first}`);
    }
    assert.ok(classes.has("connection_lost"), [...classes].join());
  });
}
