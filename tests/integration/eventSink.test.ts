import assert from "node:assert/strict";
import { SinkError } from "../../supabase/functions/_domains/analytics/eventSink.ts";
import { bigQueryError, type BigQueryServer, bigQueryServer } from "../harness/bigQueryServer.ts";
import { flush, flushDatabase, sinkOf, storeEvents } from "./eventSinkFixture.ts";
import { expireLease } from "./jobs/jobDatabase.ts";

const idsOf = ({ rows }: BigQueryServer) => [...rows.keys()].toSorted();
const timesSent = ({ requests }: BigQueryServer, id: string) => requests.filter(({ ids }) => ids.includes(id)).length;

Deno.test("events arrive once each, in requests of 500, subjects under a name that leads nowhere", async () => {
  await using server = await bigQueryServer();
  await using database = await flushDatabase();
  const subject = crypto.randomUUID();
  const ids = [...await storeEvents(database.sql, 1_100), ...await storeEvents(database.sql, 2, { subject })];
  const sink = sinkOf(server);
  const run = await flush(database, sink);
  assert.deepEqual(run.status === "succeeded" && run.outcome, {
    sink: "bigquery:shop-project.events.raw",
    sent: 1_102,
    parked: 0,
    retried: 0,
  });
  assert.deepEqual(idsOf(server), ids.toSorted());
  assert.deepEqual(server.requests.map(({ ids }) => ids.length), [500, 500, 102]);
  const names = new Set(ids.slice(-2).map((id) => server.rows.get(id)!.subject));
  assert.equal(names.size, 1);
  assert.ok(!JSON.stringify([...server.rows.values()]).includes(subject), "the warehouse knows who it is");
  await flush(database, sink);
  assert.equal(server.requests.length, 3, "what was sent was sent again");
  assert.equal(server.tokensGiven, 1);
});

Deno.test("what commits late, after others that began later were sent, is sent as well", async () => {
  await using server = await bigQueryServer();
  await using database = await flushDatabase();
  const sink = sinkOf(server);
  const early = await database.sql.reserve();
  try {
    await early`begin`;
    const late = await storeEvents(early as never, 3);
    const soon = await storeEvents(database.sql, 3);
    await flush(database, sink);
    assert.deepEqual(idsOf(server), soon.toSorted());
    await early`commit`;
    await flush(database, sink);
    assert.deepEqual(idsOf(server), [...soon, ...late].toSorted());
    assert.ok([...soon, ...late].every((id) => timesSent(server, id) === 1));
  } finally {
    early.release();
  }
});

Deno.test("writers, flushes and outages in any order: in the end each event is there, and none was sent twice but in an outage", async () => {
  await using server = await bigQueryServer();
  await using database = await flushDatabase();
  const sink = sinkOf(server);
  let calls = 0;
  server.mishap = () => ++calls % 3 === 0 ? { answer: bigQueryError(503, "backendError") } : undefined;
  const stored: string[] = [];
  const writer = async () => {
    for (let round = 0; round < 25; round++) {
      await database.sql.begin(async (sql) => {
        const ids = await storeEvents(sql as never, 1 + round % 3);
        await sql`select pg_sleep(${(round % 4) / 200})`;
        stored.push(...ids);
      });
    }
  };
  const writers = Promise.all([writer(), writer(), writer()]);
  let isWriting = true;
  const flusher = (async () => {
    while (isWriting) await flush(database, sink);
  })();
  await writers;
  isWriting = false;
  await flusher;
  server.mishap = () => undefined;
  await flush(database, sink);
  assert.deepEqual(idsOf(server), stored.toSorted());
});

Deno.test("an outage keeps everything for later; an answer that is lost is sent again under the same ids", async () => {
  await using server = await bigQueryServer();
  await using database = await flushDatabase();
  const sink = sinkOf(server);
  const ids = await storeEvents(database.sql, 5);
  for (
    const answer of [
      () => bigQueryError(503, "backendError"),
      () => bigQueryError(403, "quotaExceeded"),
      () => bigQueryError(404, "notFound"),
      () => new Response(null, { status: 302, headers: { location: "http://127.0.0.1:1/" } }),
    ]
  ) {
    server.mishap = () => ({ answer: answer() });
    assert.equal((await flush(database, sink)).status, "failed");
  }
  server.mishap = () => ({ answer: new Response("half an ans"), isStored: true });
  assert.equal((await flush(database, sink)).status, "failed");
  assert.equal(server.rows.size, 5);
  server.mishap = () => undefined;
  server.revokeTokens();
  assert.equal((await flush(database, sink)).status, "succeeded");
  assert.deepEqual(idsOf(server), ids.toSorted());
  const [parked] = await database.sql`select count(*)::integer as count from analytics.parked_events`;
  assert.equal(parked!.count, 0, "an outage was blamed on events");
});

Deno.test("a runner that dies after it has sent is followed by one that sends the same page, and overtakes nobody", async () => {
  await using server = await bigQueryServer();
  await using database = await flushDatabase();
  const sink = sinkOf(server);
  const ids = await storeEvents(database.sql, 1_200);
  let pages = 0;
  const dead = await flush(database, {
    target: sink.target,
    async send(events, options) {
      const refused = await sink.send(events, options);
      if (++pages === 2) {
        await expireLease(database.sql, "events-flush");
        assert.equal((await flush(database, sink)).status, "succeeded");
      }
      return refused;
    },
  });
  assert.equal(dead.status, "lost");
  assert.deepEqual(idsOf(server), ids.toSorted());
  assert.deepEqual(server.requests.map(({ ids }) => ids.length), [500, 500, 500, 200]);
  const [place] = await database.sql`select sent::integer as sent from analytics.sinks`;
  assert.equal(place!.sent, 1_200);
});

Deno.test("an event that does not fit is parked and the others go on; it arrives once the table has changed", async () => {
  await using server = await bigQueryServer();
  await using database = await flushDatabase();
  const sink = sinkOf(server);
  const good = await storeEvents(database.sql, 20);
  const [bad] = await storeEvents(database.sql, 1, { query: "ann@example.org" });
  server.invalid = ({ query }) => query === null ? undefined : { reason: "invalid", location: "query" };
  const run = await flush(database, sink);
  assert.deepEqual(run.status === "succeeded" && run.outcome, { sink: sink.target, sent: 20, parked: 1, retried: 0 });
  assert.deepEqual(idsOf(server), good.toSorted());
  const parked = await database.sql`select event_id as id, reason, tries from analytics.parked_events`;
  assert.deepEqual(parked.map((row) => ({ ...row })), [{ id: bad, reason: "invalid query", tries: 1 }]);
  const pass = () => database.sql`update analytics.parked_events set next_try_at = now()`;
  await pass();
  await flush(database, sink);
  assert.deepEqual((await database.sql`select tries from analytics.parked_events`)[0]!.tries, 2);
  server.invalid = () => undefined;
  await pass();
  const later = await flush(database, sink);
  assert.equal(later.status === "succeeded" && "retried" in later.outcome && later.outcome.retried, 1);
  assert.ok(server.rows.has(bad!));
  assert.equal((await database.sql`select 1 from analytics.parked_events`).length, 0);
});

Deno.test("a table that fits nothing parks nothing: all waits until it is put right", async () => {
  await using server = await bigQueryServer();
  await using database = await flushDatabase();
  await storeEvents(database.sql, 30);
  server.invalid = () => ({ reason: "invalid", location: "subject" });
  const run = await flush(database, sinkOf(server));
  assert.deepEqual(run.status === "failed" && run.errorCode, "refuses_everything");
  server.invalid = () => undefined;
  await flush(database, sinkOf(server));
  assert.equal(server.rows.size, 30);
});

Deno.test("whoever is erased is not sent, nor tried again, and what was sent leads to nobody", async () => {
  await using server = await bigQueryServer();
  await using database = await flushDatabase();
  const sink = sinkOf(server);
  const subject = crypto.randomUUID();
  await storeEvents(database.sql, 1, { subject, query: "odd" });
  server.invalid = () => ({ reason: "invalid", location: "query" });
  await flush(database, sink);
  await storeEvents(database.sql, 2, { subject });
  await database.sql`select personalization.erase_subject(${subject})`;
  server.invalid = () => undefined;
  await database.sql`update analytics.parked_events set next_try_at = now()`;
  await flush(database, sink);
  assert.equal(server.rows.size, 0);
  for (const table of ["pseudonyms", "parked_events"]) {
    const left = await database.sql`select 1 from analytics.${database.sql(table)} where subject_id = ${subject}`;
    assert.equal(left.length, 0, table);
  }
});

Deno.test("whoever opted out is told of to nobody from then on: neither what waits, nor what was refused before", async () => {
  await using server = await bigQueryServer();
  await using database = await flushDatabase();
  const { sql } = database;
  const [ada, eve] = [crypto.randomUUID(), crypto.randomUUID()];
  await storeEvents(sql, 1, { subject: ada, query: "odd" });
  server.invalid = () => ({ reason: "invalid", location: "query" });
  await flush(database, sinkOf(server));
  server.invalid = () => undefined;
  await storeEvents(sql, 2, { subject: ada });
  await storeEvents(sql, 3, { subject: eve });
  await sql`insert into personalization.subjects (id, opted_out_at) values (${ada}, now()), (${eve}, null)`;
  await sql`update analytics.parked_events set next_try_at = now()`;
  await flush(database, sinkOf(server));
  assert.equal(server.rows.size, 3);
  assert.equal((await sql`select 1 from analytics.parked_events`).length, 0);
});

Deno.test("without a sink nothing is done, and it says so", async () => {
  await using database = await flushDatabase();
  const run = await flush(database, undefined);
  assert.equal(run.status === "succeeded" && run.outcome.sink, "none");
});

Deno.test("an access token is used for as long as it is good, and what fails tells no secret", async () => {
  await using server = await bigQueryServer();
  let now = Date.now();
  const sink = sinkOf(server, { now: () => now });
  const event = { event_id: crypto.randomUUID(), occurred_at: "2026-01-01T00:00:00Z" };
  const send = () => sink.send([event], { signal: AbortSignal.timeout(5_000) });
  await send();
  now += 3_500_000;
  await send();
  assert.equal(server.tokensGiven, 1);
  now += 60_000;
  await send();
  assert.equal(server.tokensGiven, 2);
  server.mishap = () => ({ answer: bigQueryError(400, "invalid") });
  await assert.rejects(send(), (error) => {
    assert.ok(error instanceof SinkError);
    assert.deepEqual([error.code, error.status, error.isAboutEvents], ["invalid", 400, true]);
    assert.ok(!error.stack!.includes("secret details"));
    return true;
  });
});
