import assert from "node:assert/strict";
import { FakeClock } from "../../../../tests/harness/fakeClock.ts";
import { TimeLimitError } from "../time/timeLimit.ts";
import { cancelCall } from "./testing/cancelCall.ts";
import { HeldWork } from "./testing/heldWork.ts";
import { timeout } from "./timeout.ts";

function rig(timeoutMs = 100) {
  const clock = new FakeClock();
  return { clock, policy: timeout({ timeoutMs, clock }), work: new HeldWork() };
}

Deno.test("timeout: an answer in time passes, whatever it is, and leaves no timer", async () => {
  const { clock, policy } = rig();
  assert.equal(await policy.execute(() => Promise.resolve(7)), 7);
  assert.equal(await policy.execute(() => undefined), undefined);
  await assert.rejects(policy.execute(() => Promise.reject(new Error("own"))), /own/);
  await assert.rejects(
    policy.execute(() => {
      throw new Error("at once");
    }),
    /at once/,
  );
  await clock.advance(0);
  assert.equal(clock.pendingTimers, 0);
});

Deno.test("timeout: late work is answered for within 8 ms, told so by its signal, and disturbs nobody later", async () => {
  const { clock, policy, work } = rig();
  const outcome = assert.rejects(
    policy.execute(work.run),
    (error) => error instanceof TimeLimitError && error.limitMs === 100,
  );
  await clock.advance(99);
  assert.equal(work.calls[0]!.signal.aborted, false);
  await clock.advance(9);
  await outcome;
  assert.ok(work.calls[0]!.signal.reason instanceof TimeLimitError);
  await clock.advance(0);
  assert.equal(clock.pendingTimers, 0);
});

Deno.test("timeout: an abort rejects at once and leaves no listener and no timer", async () => {
  const { clock, policy } = rig();
  for (const cancelled of await cancelCall(policy)) {
    assert.deepEqual(cancelled, { outcome: "enough", listenersOnSignal: 0, listenersOnScope: 0 });
  }
  await clock.advance(0);
  assert.equal(clock.pendingTimers, 0);
});

Deno.test("timeout: a limit that is none is refused", () => {
  assert.throws(() => timeout({ timeoutMs: 0 }), {
    message: "Cannot make a timeout as 'timeoutMs' must be a number from 1: current value is 0",
  });
  assert.throws(() => timeout({ timeoutMs: NaN }), RangeError);
});
