import assert from "node:assert/strict";
import { FakeClock } from "../../../../tests/harness/fakeClock.ts";
import { TimeLimitError } from "../time/timeLimit.ts";
import type { CallScope } from "./callScope.ts";
import { deadline } from "./deadline.ts";
import { nest } from "./nest.ts";
import { PolicyRefusal } from "./policyRefusal.ts";
import { cancelCall } from "./testing/cancelCall.ts";
import { HeldWork } from "./testing/heldWork.ts";

Deno.test("deadline: the end is known further in, and the nearer of two counts", async () => {
  const clock = new FakeClock();
  const endOf = (policy: ReturnType<typeof deadline>) => policy.execute((call) => (call as CallScope).endsAt);
  assert.equal(await endOf(deadline({ deadlineMs: 500, clock })), 500);
  assert.equal(await endOf(deadline({ deadlineMs: 500, remainingMs: () => 80, clock })), 80);
  const [near, far] = [deadline({ deadlineMs: 50, clock }), deadline({ deadlineMs: 500, clock })];
  assert.equal(await endOf(nest([near, far])), 50);
  assert.equal(await endOf(nest([far, near])), 50);
  assert.equal(await far.execute((call) => (call as CallScope).endsAt, { endsAt: 70 }), 70);
});

Deno.test("deadline: work that takes longer is answered for and aborted", async () => {
  const clock = new FakeClock();
  const work = new HeldWork();
  const outcome = assert.rejects(deadline({ deadlineMs: 64, clock }).execute(work.run), TimeLimitError);
  await clock.advance(64);
  await outcome;
  assert.equal(work.running, 0);
});

Deno.test("deadline: a call without time left is refused before anything is asked", async () => {
  const clock = new FakeClock();
  const policy = deadline({ remainingMs: () => 9.5, leastMs: 10, clock });
  await assert.rejects(
    policy.execute(() => assert.fail("asked")),
    (error) =>
      error instanceof PolicyRefusal && error.refusedBy === "deadline" &&
      error.message === "Cannot begin the call as too little time is left: 9 ms",
  );
  assert.equal(clock.pendingTimers, 0);
});

Deno.test("deadline: an abort rejects at once and leaves no listener and no timer", async () => {
  const clock = new FakeClock();
  for (const cancelled of await cancelCall(deadline({ clock }))) {
    assert.deepEqual(cancelled, { outcome: "enough", listenersOnSignal: 0, listenersOnScope: 0 });
  }
  await clock.advance(0);
  assert.equal(clock.pendingTimers, 0);
});
