import assert from "node:assert/strict";
import { drainQueue } from "../../supabase/functions/_shared/jobs/drainQueue.ts";
import type { MessageQueue } from "../../supabase/functions/_shared/jobs/messageQueue.ts";
import { pgmqQueue } from "../../supabase/functions/_shared/jobs/pgmqQueue.ts";
import { postgresQueue } from "../../supabase/functions/_shared/jobs/postgresQueue.ts";
import { seededRandom } from "../../supabase/functions/_shared/random/seededRandom.ts";
import { jobDatabase } from "./jobs/jobDatabase.ts";

const forever = { signal: new AbortController().signal, remainingMs: () => 60_000, shouldYield: () => false };
const seed = Number(Deno.env.get("SEED") ?? Math.floor(Math.random() * 2 ** 31));

/** A worker that dies: it takes messages, handles some, and is never heard of again. */
async function dieMidBatch(queue: MessageQueue, handled: Map<string, number>, random: () => number) {
  const { messages } = await queue.read({ visibilityMs: 60_000, limit: 10 });
  for (const { id } of messages.slice(0, Math.floor(random() * messages.length))) {
    handled.set(id, (handled.get(id) ?? 0) + 1);
  }
  return messages.length;
}

for (const kind of ["postgresQueue", "pgmqQueue"] as const) {
  Deno.test(`eight drainers over ${kind} lose nothing while workers die, fail and meet poison (seed ${seed})`, async () => {
    const random = seededRandom(seed);
    await using database = await jobDatabase({ connections: 12 });
    const { sql } = database.admin;
    if (kind === "pgmqQueue") {
      await database.install("pgmqStandIn.sql");
      await sql`select pgmq.create('mail')`;
    }
    const queue = (kind === "pgmqQueue" ? pgmqQueue : postgresQueue)({ sql, name: "mail", maxReads: 4 });
    const count = 400;
    const ids = await queue.send(Array.from({ length: count }, (_, n) => ({ n, isPoison: n % 50 === 0 })));
    const handled = new Map<string, number>();

    const taken = await Promise.all([1, 2, 3].map(() => dieMidBatch(queue, handled, random.next)));
    assert.deepEqual(taken, [10, 10, 10]);
    const drain = () =>
      drainQueue({
        queue,
        deadline: forever,
        maxReads: 4,
        retryDelayMs: () => 0,
        handle({ id, payload, readCount }) {
          if ((payload as { isPoison: boolean }).isPoison) throw Object.assign(new Error("bad"), { code: "22P02" });
          if (readCount === 1 && random.next() < 0.2) throw new Error("flaky");
          handled.set(id, (handled.get(id) ?? 0) + 1);
          return Promise.resolve();
        },
      });
    const drainAll = async () => {
      const results = await Promise.all(Array.from({ length: 8 }, drain));
      return results.reduce((sum, { deadLettered }) => sum + deadLettered, 0);
    };
    let buried = await drainAll();
    // What the dead held is hidden until its time runs out, which the test does not wait for.
    if (kind === "pgmqQueue") await sql`update pgmq.q_mail set vt = clock_timestamp()`;
    else await sql`update resilience.queue_messages set visible_at = clock_timestamp()`;
    // A drainer ends when it finds nothing, while another may be giving a message back just then.
    const left = async () =>
      Number(
        (kind === "pgmqQueue"
          ? await sql`select count(*) from pgmq.q_mail`
          : await sql`select count(*) from resilience.queue_messages`)[0]?.count,
      );
    assert.ok(await left() >= 30 - buried);
    for (let round = 0; round < 10 && await left() > 0; round++) buried += await drainAll();

    assert.equal(await left(), 0);
    const dead = (await sql`select message_id::text as id from resilience.queue_dead_letters`).map(({ id }) =>
      String(id)
    );
    assert.equal(dead.length, buried);
    assert.deepEqual(dead.sort(), ids.filter((_, n) => n % 50 === 0).sort());
    const wanted = ids.filter((id) => !dead.includes(id));
    assert.deepEqual(wanted.filter((id) => !handled.has(id)), []);
    // At least once, and no more often than the deaths explain: a healthy worker's message is its own.
    const repeated = [...handled.values()].reduce((sum, times) => sum + times - 1, 0);
    assert.ok(repeated <= 30, `repeated ${repeated}`);
  });
}

Deno.test("a drain that runs out of time gives back what it did not try, at once", async () => {
  await using database = await jobDatabase();
  const queue = postgresQueue({ sql: database.admin.sql, name: "mail" });
  await queue.send([1, 2, 3, 4]);
  let handled = 0;
  const result = await drainQueue({
    queue,
    deadline: { ...forever, shouldYield: () => handled >= 1 },
    handle: () => Promise.resolve(void handled++),
  });
  assert.deepEqual(result, { handled: 1, failed: 0, deadLettered: 0, released: 3, isEmpty: false });
  const { messages } = await queue.read({ visibilityMs: 60_000, limit: 10 });
  assert.deepEqual(messages.map(({ payload, readCount }) => [payload, readCount]), [[2, 1], [3, 1], [4, 1]]);
});
