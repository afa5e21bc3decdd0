import assert from "node:assert/strict";
import type { MessageQueue } from "../../supabase/functions/_shared/jobs/messageQueue.ts";
import { pgmqQueue } from "../../supabase/functions/_shared/jobs/pgmqQueue.ts";
import { postgresQueue } from "../../supabase/functions/_shared/jobs/postgresQueue.ts";
import { jobDatabase } from "./jobs/jobDatabase.ts";

interface Kind {
  readonly name: string;
  open(
    maxReads: number,
  ): Promise<AsyncDisposable & { queue: MessageQueue; letters(): Promise<Record<string, unknown>[]> }>;
}

async function openKind(maxReads: number, isPgmq: boolean) {
  const database = await jobDatabase();
  const { sql } = database.admin;
  if (isPgmq) {
    await database.install("pgmqStandIn.sql");
    await sql`select pgmq.create('mail')`;
  }
  return {
    queue: (isPgmq ? pgmqQueue : postgresQueue)({ sql, name: "mail", maxReads }),
    letters: () =>
      sql`select message_id::text as id, payload, read_ct, reason, last_error from resilience.queue_dead_letters order by id`,
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

const kinds: Kind[] = [
  { name: "postgresQueue", open: (maxReads) => openKind(maxReads, false) },
  { name: "pgmqQueue", open: (maxReads) => openKind(maxReads, true) },
];

const payloadsOf = (messages: readonly { payload: unknown }[]) => messages.map(({ payload }) => payload);
const idsOf = (messages: readonly { id: string }[]) => messages.map(({ id }) => id);
const minute = { visibilityMs: 60_000, limit: 10 };

for (const { name, open } of kinds) {
  Deno.test(`${name} gives every kind of payload back as it was, in order`, async () => {
    await using opened = await open(5);
    const { queue } = opened;
    const payloads = [{ a: [1, { b: null }] }, "text", "true", 7, true, [1, 2], { quote: 'it\'s "so" \\ \u00e4' }];
    const ids = await queue.send(payloads);
    const { messages, deadLetteredIds } = await queue.read(minute);
    assert.deepEqual(payloadsOf(messages), payloads);
    assert.deepEqual(idsOf(messages), ids);
    assert.ok(messages.every(({ readCount, enqueuedAt }) => readCount === 1 && enqueuedAt instanceof Date));
    assert.deepEqual(deadLetteredIds, []);
  });

  Deno.test(`${name} hides what was read, and never gives more than the limit`, async () => {
    await using opened = await open(5);
    const { queue } = opened;
    await queue.send([1, 2, 3]);
    assert.deepEqual(payloadsOf((await queue.read({ ...minute, limit: 2 })).messages), [1, 2]);
    assert.deepEqual(payloadsOf((await queue.read(minute)).messages), [3]);
    assert.deepEqual((await queue.read(minute)).messages, []);
  });

  Deno.test(`${name} brings a message back when its visibility has run out, with its reads counted`, async () => {
    await using opened = await open(5);
    const { queue } = opened;
    await queue.send(["x"]);
    await queue.read({ visibilityMs: 0, limit: 1 });
    const [again] = (await queue.read(minute)).messages;
    assert.deepEqual([again?.payload, again?.readCount], ["x", 2]);
  });

  Deno.test(`${name} deletes for good, and says what was still there`, async () => {
    await using opened = await open(5);
    const { queue } = opened;
    await queue.send([1, 2]);
    const { messages } = await queue.read({ visibilityMs: 0, limit: 10 });
    assert.deepEqual((await queue.delete(messages)).sort(), idsOf(messages).sort());
    assert.deepEqual(await queue.delete(messages), []);
    assert.deepEqual((await queue.read(minute)).messages, []);
  });

  Deno.test(`${name} gives released messages back at once or after their delay`, async () => {
    await using opened = await open(5);
    const { queue } = opened;
    await queue.send([1, 2]);
    const [first, second] = (await queue.read(minute)).messages;
    assert.ok(first && second);
    assert.deepEqual(await queue.release([first]), [first.id]);
    assert.deepEqual(await queue.release([second], { delayMs: 60_000, error: "boom" }), [second.id]);
    assert.deepEqual(payloadsOf((await queue.read(minute)).messages), [1]);
  });

  Deno.test(`${name} keeps extended messages hidden, and passes over those that are gone`, async () => {
    await using opened = await open(5);
    const { queue } = opened;
    await queue.send([1, 2]);
    const { messages } = await queue.read({ visibilityMs: 0, limit: 10 });
    await queue.delete(messages.slice(1));
    assert.deepEqual(await queue.extend(messages, 60_000), idsOf(messages.slice(0, 1)));
    assert.deepEqual((await queue.read(minute)).messages, []);
  });

  Deno.test(`${name} sends with a delay`, async () => {
    await using opened = await open(5);
    const { queue } = opened;
    await queue.send(["later"], { delayMs: 60_000 });
    assert.deepEqual((await queue.read(minute)).messages, []);
  });

  Deno.test(`${name} buries a message that was read too often, and gives the others`, async () => {
    await using opened = await open(3);
    const { queue, letters } = opened;
    const [poison] = await queue.send([{ bad: 1 }]);
    for (let read = 1; read <= 3; read++) {
      assert.equal((await queue.read({ visibilityMs: 0, limit: 1 })).messages[0]?.readCount, read);
    }
    const [good] = await queue.send(["good"]);
    const { messages, deadLetteredIds } = await queue.read(minute);
    assert.deepEqual([idsOf(messages), deadLetteredIds], [[good], [poison]]);
    const [letter] = await letters();
    assert.deepEqual([letter?.id, letter?.payload, letter?.reason], [poison, { bad: 1 }, "read_too_often"]);
  });

  Deno.test(`${name} buries on demand, once, with the reason and the error`, async () => {
    await using opened = await open(5);
    const { queue, letters } = opened;
    await queue.send([1, "two"]);
    const { messages } = await queue.read(minute);
    const end = { reason: "poison", error: "22P02" };
    assert.deepEqual((await queue.deadLetter(messages, end)).sort(), idsOf(messages).sort());
    assert.deepEqual(await queue.deadLetter(messages, end), []);
    const rows = await letters();
    assert.deepEqual(rows.map(({ payload, read_ct, reason, last_error }) => [payload, read_ct, reason, last_error]), [
      [1, 1, "poison", "22P02"],
      ["two", 1, "poison", "22P02"],
    ]);
  });

  Deno.test(`${name} takes empty batches for nothing to do`, async () => {
    await using opened = await open(5);
    const { queue } = opened;
    const nothing = [queue.send([]), queue.delete([]), queue.extend([], 1), queue.release([])];
    assert.deepEqual(await Promise.all([...nothing, queue.deadLetter([], { reason: "x" })]), [[], [], [], [], []]);
  });
}
