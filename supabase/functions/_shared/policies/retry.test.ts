import assert from "node:assert/strict";
import { FakeClock } from "../../../../tests/harness/fakeClock.ts";
import { seededRandom } from "../random/seededRandom.ts";
import { deadline } from "./deadline.ts";
import { nest } from "./nest.ts";
import { PolicyRefusal } from "./policyRefusal.ts";
import { retry, type RetryOptions } from "./retry.ts";
import { cancelCall } from "./testing/cancelCall.ts";

function rig(options: RetryOptions = {}) {
  const clock = new FakeClock();
  const waits: number[] = [];
  const policy = retry({
    maxAttempts: 4,
    baseMs: 100,
    capMs: 1_000,
    clock,
    random: seededRandom(1),
    onRetry: (_error, _attempt, waitMs) => void waits.push(waitMs),
    ...options,
  });
  let attempts = 0;
  const failing = (times: number, error: unknown = new Error("down")) => () =>
    ++attempts <= times ? Promise.reject(error) : Promise.resolve("done");
  return { clock, policy, waits, failing, attempts: () => attempts };
}

Deno.test("retry: runs again after growing waits until it succeeds, and leaves no timer", async () => {
  const { clock, policy, waits, failing, attempts } = rig();
  const result = policy.execute(failing(3));
  await clock.advance(99);
  assert.equal(attempts(), 1);
  await clock.advance(5_000);
  assert.equal(await result, "done");
  assert.deepEqual([attempts(), waits.length, waits[0], clock.pendingTimers], [4, 3, 100, 0]);
  assert.ok(waits.every((wait) => wait >= 100 && wait <= 1_000));
});

Deno.test("retry: the last failure surfaces once attempts are used up, and what is final at once", async () => {
  const { clock, policy, failing, attempts } = rig({ maxAttempts: 2 });
  const outcome = assert.rejects(policy.execute(failing(9)), /down/);
  await clock.advance(5_000);
  await outcome;
  assert.equal(attempts(), 2);
  const refused = rig();
  await assert.rejects(refused.policy.execute(refused.failing(9, new PolicyRefusal("bulkhead", "full"))), /full/);
  assert.equal(refused.attempts(), 1);
});

Deno.test("retry: a Retry-After is waited for in full and a bit more, unless it is too long", async () => {
  const patient = rig();
  const outcome = patient.policy.execute(patient.failing(1, { retryAfterMs: 3_000 }));
  await patient.clock.advance(3_000);
  assert.equal(patient.attempts(), 1);
  await patient.clock.advance(100);
  assert.equal(await outcome, "done");
  assert.deepEqual(patient.waits, [3_100]);
  const asked = rig({ maxRetryAfterMs: 1_000 });
  await assert.rejects(asked.policy.execute(asked.failing(1, { retryAfterMs: 1_001 })));
  assert.equal(asked.attempts(), 1);
});

Deno.test("retry: no wait begins that would outlive the deadline", async () => {
  const { clock, policy, failing, attempts } = rig();
  const outcome = assert.rejects(nest([deadline({ deadlineMs: 250, clock }), policy]).execute(failing(9)), /down/);
  await clock.advance(249);
  await outcome;
  assert.ok(attempts() >= 2 && attempts() < 4);
  await clock.advance(0);
  assert.equal(clock.pendingTimers, 0);
});

Deno.test("retry: an abort ends a wait at once, with its reason, no timer and no listener", async () => {
  const { clock, policy, failing } = rig();
  const [first, second, third] = await cancelCall(policy, {}, failing(9));
  for (const cancelled of [first, second, third]) {
    assert.deepEqual(cancelled, { outcome: "enough", listenersOnSignal: 0, listenersOnScope: 0 });
  }
  assert.equal(clock.pendingTimers, 0);
});

Deno.test("retry: each call earns once, each retry is paid for, and an unpaid one is not made", async () => {
  const told: string[] = [];
  let funds = 1;
  const budget = {
    earn: () => void told.push("earn"),
    spend: () => (told.push("spend"), funds-- > 0),
  };
  const { clock, policy, failing, attempts } = rig({ budget });
  const outcome = assert.rejects(policy.execute(failing(9)), /down/);
  await clock.advance(5_000);
  await outcome;
  assert.deepEqual([told, attempts()], [["earn", "spend", "spend"], 2]);
});

Deno.test("retry: an onlooker that throws breaks nothing", async () => {
  const { clock, policy, failing } = rig({ onRetry: () => assert.fail("onlooker") });
  const result = policy.execute(failing(1));
  await clock.advance(200);
  assert.equal(await result, "done");
});

Deno.test("retry: options that are none are refused", () => {
  assert.throws(() => retry({ maxAttempts: 0 }), {
    message: "Cannot make a retry as 'maxAttempts' must be a whole number from 1: current value is 0",
  });
  assert.throws(() => retry({ baseMs: 500, capMs: 100 }), /'capMs' must be a number from 500/);
});
