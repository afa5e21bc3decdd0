import assert from "node:assert/strict";
import { FakeClock } from "../../../../tests/harness/fakeClock.ts";
import { openWaker } from "./waker.ts";

function rig(isListening: boolean | undefined) {
  const clock = new FakeClock();
  let ring = () => {};
  let isStopped = false;
  const notifications = isListening === undefined ? undefined : {
    isListening,
    subscribe: (_subject: string, hear: () => void) => {
      ring = hear;
      return () => void (isStopped = true);
    },
  };
  const waker = openWaker(notifications, "ann", clock);
  const leaving = new AbortController();
  const wait = () => {
    const state = { isOver: false, error: undefined as unknown };
    waker.wait(leaving.signal).catch((error) => state.error = error).finally(() => state.isOver = true);
    return state;
  };
  return { clock, waker, wait, ring: () => ring(), leave: () => leaving.abort(), isStopped: () => isStopped };
}

Deno.test("a ring wakes at once, also one that came before somebody waited, and wakes once", async () => {
  const { clock, wait, ring, waker, isStopped } = rig(true);
  const first = wait();
  await clock.advance(0);
  assert.equal(first.isOver, false);
  ring();
  await clock.advance(0);
  assert.equal(first.isOver, true);
  ring();
  ring();
  const [second, third] = [wait(), wait()];
  await clock.advance(0);
  assert.deepEqual([second.isOver, third.isOver], [true, false]);
  waker.stop();
  assert.equal(isStopped(), true);
});

for (const [isListening, ms] of [[undefined, 1_000], [false, 1_000], [true, 15_000]] as const) {
  Deno.test(`with notifications ${isListening ?? "absent"}, somebody looks after ${ms} ms whatever happens`, async () => {
    const { clock, wait } = rig(isListening);
    const waiting = wait();
    await clock.advance(ms - 1);
    assert.equal(waiting.isOver, false);
    await clock.advance(1);
    assert.equal(waiting.isOver, true);
    assert.equal(clock.pendingTimers, 0);
  });
}

Deno.test("whoever leaves waits no longer", async () => {
  const { clock, wait, leave } = rig(true);
  const waiting = wait();
  leave();
  await clock.advance(0);
  assert.equal((waiting.error as Error).name, "AbortError");
  assert.equal(clock.pendingTimers, 0);
});
