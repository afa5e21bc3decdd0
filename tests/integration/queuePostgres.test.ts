import assert from "node:assert/strict";
import { postgresQueue } from "../../supabase/functions/_shared/jobs/postgresQueue.ts";
import { jobDatabase } from "./jobs/jobDatabase.ts";

const minute = { visibilityMs: 60_000, limit: 10 };

Deno.test("a message sent in a transaction exists if and only if the transaction commits", async () => {
  await using database = await jobDatabase();
  const { admin } = database;
  await assert.rejects(admin.transaction(async (sql) => {
    await postgresQueue({ sql, name: "mail" }).send(["never"]);
    throw new Error("rolled back");
  }));
  await admin.transaction((sql) => postgresQueue({ sql, name: "mail" }).send(["sent"]));
  const { messages } = await postgresQueue({ sql: admin.sql, name: "mail" }).read(minute);
  assert.deepEqual(messages.map(({ payload }) => payload), ["sent"]);
});

Deno.test("a handle whose message was read by somebody else can only delete it", async () => {
  await using database = await jobDatabase();
  const queue = postgresQueue({ sql: database.admin.sql, name: "mail" });
  await queue.send(["x"]);
  const stale = (await queue.read({ visibilityMs: 0, limit: 1 })).messages;
  const held = (await queue.read(minute)).messages;
  assert.deepEqual(await queue.release(stale), []);
  assert.deepEqual(await queue.extend(stale, 1), []);
  assert.deepEqual(await queue.deadLetter(stale, { reason: "poison" }), []);
  assert.deepEqual((await queue.read(minute)).messages, []);
  assert.deepEqual(await queue.delete(stale), stale.map(({ id }) => id));
  assert.deepEqual(await queue.delete(held), []);
});

Deno.test("a message given back untried is not counted as read", async () => {
  await using database = await jobDatabase();
  const queue = postgresQueue({ sql: database.admin.sql, name: "mail", maxReads: 1 });
  await queue.send(["x"]);
  for (let round = 0; round < 4; round++) {
    const { messages, deadLetteredIds } = await queue.read(minute);
    assert.deepEqual([messages[0]?.readCount, deadLetteredIds], [1, []]);
    await queue.release(messages, { isUntried: true });
  }
});

Deno.test("queues do not see each other's messages", async () => {
  await using database = await jobDatabase();
  const { sql } = database.admin;
  const [mail, sms] = [postgresQueue({ sql, name: "mail" }), postgresQueue({ sql, name: "sms" })];
  await mail.send(["m"]);
  assert.deepEqual((await sms.read(minute)).messages, []);
  const { messages } = await mail.read(minute);
  assert.deepEqual(await sms.delete(messages), []);
  assert.deepEqual(await sms.release(messages), []);
});

Deno.test("a read is one round trip that neither sorts nor meets hidden messages", async () => {
  await using database = await jobDatabase();
  const { sql } = database;
  await sql`
    insert into resilience.queue_messages (queue, payload, visible_at)
    select 'mail', '{}', now() + interval '1 hour' * (case when n % 20 = 0 then -1 else 1 end)
    from generate_series(1, 20000) n`;
  await sql`analyze resilience.queue_messages`;
  // The query of read_messages, as it stands there: the function itself shows no plan.
  const [routine] = await sql<{ source: string }[]>`
    select prosrc as source from pg_proc where oid = 'resilience.read_messages(text,integer,integer,integer)'::regprocedure`;
  const picked = /picked as materialized \(([\s\S]*?)\n {2}\),/.exec(routine?.source ?? "")?.[1];
  assert.ok(picked !== undefined);
  const query = picked.replaceAll("p_queue", "'mail'").replaceAll("p_limit", "10").replaceAll("p_max_reads", "5");
  const plan = (await sql.unsafe(`explain (analyze, costs off, timing off, summary off) ${query}`))
    .map((row) => Object.values(row)[0]).join("\n");
  assert.match(plan, /Index Scan using queue_messages_in_delivery_order/);
  // As a mere filter the time would make a read of a drained queue walk over everything that is hidden.
  assert.match(plan, /Index Cond: .*queue = .*visible_at <=/);
  assert.doesNotMatch(plan, /Sort|Rows Removed/);
});

Deno.test("dead letters can be sent again, and queue_health counts what waits, hides and died", async () => {
  await using database = await jobDatabase();
  const { sql } = database.admin;
  const queue = postgresQueue({ sql, name: "mail" });
  await queue.send([1, 2, 3]);
  const { messages } = await queue.read({ ...minute, limit: 2 });
  await queue.deadLetter(messages.slice(0, 1), { reason: "poison" });
  const health = async () =>
    (await sql<Record<string, unknown>>`select queue, waiting, hidden, dead from resilience.queue_health()`)
      .map((row) => Object.values(row).map(String).join(" "));
  assert.deepEqual(await health(), ["mail 1 1 1"]);
  const letters = JSON.stringify((await sql`select id from resilience.queue_dead_letters`).map(({ id }) => id));
  await sql`select resilience.requeue_dead_letters('mail', ${letters}::text::jsonb)`;
  assert.deepEqual(await health(), ["mail 2 1 0"]);
});

Deno.test("names that no queue may have are refused by the table itself", async () => {
  await using database = await jobDatabase();
  for (const name of ["", "Mail", "a b", "x; drop table", "a".repeat(48)]) {
    await assert.rejects(postgresQueue({ sql: database.admin.sql, name }).send([1]), { code: "23514" });
  }
});
