import assert from "node:assert/strict";
import { FakeClock } from "../../../../tests/harness/fakeClock.ts";
import { bulkhead } from "./bulkhead.ts";
import { cache } from "./cache.ts";
import { deadline } from "./deadline.ts";
import { definePolicy } from "./definePolicy.ts";
import { fallback } from "./fallback.ts";
import { hedge } from "./hedge.ts";
import { pipeline, type PipelineMembers, pipelineOrder } from "./pipeline.ts";
import { rateLimit } from "./rateLimit.ts";
import { retry } from "./retry.ts";
import { cancelCall } from "./testing/cancelCall.ts";
import { timeout } from "./timeout.ts";

function noting(name: string, seen: string[]) {
  return definePolicy(async (work, scope) => {
    seen.push(name);
    return await work(scope);
  });
}

Deno.test("pipeline: members stand in the one order, however they are listed", async () => {
  const seen: string[] = [];
  const members = Object.fromEntries(pipelineOrder.toReversed().map((name) => [name, noting(name, seen)]));
  assert.equal(await pipeline(members).execute(() => 7), 7);
  assert.deepEqual(seen, [...pipelineOrder]);
  assert.equal(await pipeline({}).execute(() => 7), 7);
  assert.equal(await pipeline({ retry: undefined }).execute(() => 7), 7);
});

Deno.test("pipeline: a member it does not know is refused, not left out", () => {
  const members = { timeOut: timeout() } as PipelineMembers;
  assert.throws(() => pipeline(members), /must be of fallback, deadline, .*: one of them is 'timeOut'/);
});

function all(clock: FakeClock) {
  const slots = bulkhead({ capacity: 2 });
  const policy = pipeline({
    fallback: fallback((error) => `instead of ${(error as Error).name}`),
    deadline: deadline({ deadlineMs: 1_000, clock }),
    cache: cache({ freshMs: 5_000, clock, waitUntil: () => {} }),
    retry: retry({ maxAttempts: 3, baseMs: 40, clock, random: { next: () => 0, uuid: () => "" } }),
    hedge: hedge({ isRead: true, delayMs: 400, clock }),
    rateLimit: rateLimit({ limit: 50, clock }),
    bulkhead: slots,
    timeout: timeout({ timeoutMs: 100, clock }),
  });
  return { policy, slots };
}

Deno.test("pipeline: all of them together try again, give up in time, and leave nothing behind", async () => {
  const clock = new FakeClock();
  const { policy, slots } = all(clock);
  let calls = 0;
  const hanging = policy.execute<string>(() => {
    calls++;
    return new Promise(() => {});
  }, { key: "hangs" });
  await clock.advance(2_000);
  assert.deepEqual([await hanging, calls], ["instead of TimeLimitError", 3]);
  const second = policy.execute(() => ++calls < 5 ? Promise.reject(new Error("odd")) : "saved", { key: "odd" });
  await clock.advance(100);
  assert.equal(await second, "saved");
  assert.equal(await policy.execute(() => "not asked", { key: "odd" }), "saved");
  await clock.advance(0);
  assert.deepEqual([slots.running, clock.pendingTimers], [0, 0]);
});

Deno.test("pipeline: an abort ends all of it at once, the slot included, and leaves no listener and no timer", async () => {
  const clock = new FakeClock();
  const { policy, slots } = all(clock);
  for (const cancelled of await cancelCall(policy, { key: "k" })) {
    assert.deepEqual(cancelled, { outcome: "enough", listenersOnSignal: 0, listenersOnScope: 0 });
  }
  await clock.advance(0);
  assert.deepEqual([slots.running, clock.pendingTimers], [0, 0]);
});

Deno.test("pipeline: time in the queue of a bulkhead is not charged to the dependency", async () => {
  const clock = new FakeClock();
  const policy = pipeline({ bulkhead: bulkhead({ capacity: 1 }), timeout: timeout({ timeoutMs: 100, clock }) });
  const takes = (ms: number) => () =>
    new Promise<string>((resolve) => void clock.setTimer(() => resolve("in time"), ms));
  const answers = [policy.execute(takes(80)), policy.execute(takes(80))];
  await clock.advance(160);
  assert.deepEqual(await Promise.all(answers), ["in time", "in time"]);
});
