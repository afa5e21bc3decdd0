import assert from "node:assert/strict";
import { FakeClock } from "../../../../tests/harness/fakeClock.ts";
import type { Deadline } from "../http/deadline.ts";
import { drainQueue } from "./drainQueue.ts";
import type { MessageQueue, QueueMessage } from "./messageQueue.ts";
import { PoisonMessageError } from "./poisonMessageError.ts";

/** A queue of numbers that writes down what was asked of it. Nothing becomes visible again by itself. */
class ListQueue implements MessageQueue {
  readonly name = "numbers";
  readonly reads: number[] = [];
  readonly deleted: string[] = [];
  readonly extended: string[][] = [];
  readonly released: unknown[] = [];
  readonly buried: unknown[] = [];
  taken = new Set<string>();

  constructor(readonly waiting: QueueMessage[]) {}

  send = () => Promise.resolve([]);
  read({ limit }: { limit: number }) {
    const messages = this.waiting.splice(0, limit);
    this.reads.push(messages.length);
    return Promise.resolve({ messages, deadLetteredIds: [] });
  }
  delete(messages: readonly { id: string }[]) {
    this.deleted.push(...messages.map(({ id }) => id));
    return Promise.resolve(messages.map(({ id }) => id));
  }
  extend(messages: readonly QueueMessage[]) {
    const held = messages.map(({ id }) => id).filter((id) => !this.taken.has(id));
    this.extended.push(held);
    return Promise.resolve(held);
  }
  release(messages: readonly QueueMessage[], options: object = {}) {
    for (const { id } of messages) this.released.push({ id, ...options });
    return Promise.resolve(messages.map(({ id }) => id));
  }
  deadLetter(messages: readonly QueueMessage[], options: object) {
    for (const { id } of messages) this.buried.push({ id, ...options });
    return Promise.resolve(messages.map(({ id }) => id));
  }
}

function messages(count: number, readCount = 1): QueueMessage[] {
  return Array.from({ length: count }, (_, index) => ({
    id: String(index + 1),
    payload: index + 1,
    readCount,
    enqueuedAt: new Date(0),
  }));
}

function deadline(shouldYield: () => boolean = () => false): Deadline {
  return { signal: new AbortController().signal, remainingMs: () => 1000, shouldYield };
}

Deno.test("drainQueue starts a further worker only where a read comes back full", async () => {
  for (const { waiting, expected } of [{ waiting: 3, expected: 1 }, { waiting: 60, expected: 4 }]) {
    let atOnce = 0;
    let most = 0;
    const result = await drainQueue({
      queue: new ListQueue(messages(waiting)),
      deadline: deadline(),
      batchSize: 5,
      maxWorkers: 4,
      clock: new FakeClock(),
      async handle() {
        most = Math.max(most, ++atOnce);
        for (let turn = 0; turn < 5; turn++) await Promise.resolve();
        atOnce--;
      },
    });
    assert.deepEqual(result, { handled: waiting, failed: 0, deadLettered: 0, released: 0, isEmpty: true });
    assert.equal(most, expected);
  }
});

Deno.test("drainQueue gives a failed message back with a growing delay, and buries it on its last read", async () => {
  const fail = () => Promise.reject(Object.assign(new Error("secret text"), { code: "boom" }));
  const base = { deadline: deadline(), maxReads: 3, clock: new FakeClock(), handle: fail };
  const second = new ListQueue(messages(1, 2));
  assert.equal((await drainQueue({ ...base, queue: second })).failed, 1);
  assert.deepEqual(second.released, [{ id: "1", delayMs: 2000, error: "boom" }]);
  const last = new ListQueue(messages(1, 3));
  assert.equal((await drainQueue({ ...base, queue: last })).deadLettered, 1);
  assert.deepEqual(last.buried, [{ id: "1", reason: "failed_too_often", error: "boom" }]);
  assert.deepEqual(last.deleted, []);
});

Deno.test("drainQueue buries a poison message at once and goes on with the others", async () => {
  const queue = new ListQueue(messages(3));
  const result = await drainQueue({
    queue,
    deadline: deadline(),
    clock: new FakeClock(),
    handle: ({ id }) => id === "2" ? Promise.reject(new PoisonMessageError("Cannot read it")) : Promise.resolve(),
  });
  assert.deepEqual(queue.buried, [{ id: "2", reason: "poison", error: "PoisonMessageError" }]);
  assert.deepEqual(queue.deleted, ["1", "3"]);
  assert.equal(result.handled, 2);
});

Deno.test("drainQueue counts what several workers give up at the same moment", async () => {
  const queue = new ListQueue(messages(8));
  const result = await drainQueue({
    queue,
    deadline: deadline(),
    batchSize: 2,
    clock: new FakeClock(),
    handle: () => Promise.reject(new PoisonMessageError("Cannot read it")),
  });
  assert.equal(queue.buried.length, 8);
  assert.equal(result.deadLettered, 8);
});

Deno.test("drainQueue gives back what it did not try when the time is up", async () => {
  let handled = 0;
  const queue = new ListQueue(messages(4));
  const result = await drainQueue({
    queue,
    deadline: deadline(() => handled >= 2),
    clock: new FakeClock(),
    handle: () => Promise.resolve(void handled++),
  });
  assert.deepEqual(result, { handled: 2, failed: 0, deadLettered: 0, released: 2, isEmpty: false });
  assert.deepEqual(queue.deleted, ["1", "2"]);
  assert.deepEqual(queue.released, [{ id: "3", isUntried: true }, { id: "4", isUntried: true }]);
});

Deno.test("drainQueue keeps a slow batch hidden, those that are done included, and skips what others took", async () => {
  const clock = new FakeClock();
  const queue = new ListQueue(messages(3));
  const seen: string[] = [];
  const draining = drainQueue({
    queue,
    deadline: deadline(),
    visibilityMs: 1000,
    clock,
    handle: ({ id }) => {
      seen.push(id);
      return id === "2" ? new Promise((resolve) => clock.setTimer(() => resolve(), 1200)) : Promise.resolve();
    },
  });
  await clock.advance(500);
  assert.deepEqual(queue.extended, [["1", "2", "3"]]);
  queue.taken.add("3");
  await clock.advance(700);
  await draining;
  assert.deepEqual(queue.extended[1], ["1", "2"]);
  assert.deepEqual(seen, ["1", "2"]);
  assert.deepEqual(queue.deleted, ["1", "2"]);
});

Deno.test("drainQueue lets a failure of the queue out once all workers have ended", async () => {
  const queue = new ListQueue(messages(2));
  queue.delete = () => Promise.reject(new Error("connection reset"));
  await assert.rejects(
    drainQueue({ queue, deadline: deadline(), clock: new FakeClock(), handle: () => Promise.resolve() }),
    /connection reset/,
  );
});

Deno.test("drainQueue refuses options that cannot work", async () => {
  await assert.rejects(
    drainQueue({ queue: new ListQueue([]), deadline: deadline(), batchSize: 0, handle: () => Promise.resolve() }),
    /Cannot drain the queue as 'batchSize' must be at least 1: got 0/,
  );
});
