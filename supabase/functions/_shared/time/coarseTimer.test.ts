import assert from "node:assert/strict";
import fc from "fast-check";
import { FakeClock } from "../../../../tests/harness/fakeClock.ts";
import { coarseTimer } from "./coarseTimer.ts";

function rig() {
  const clock = new FakeClock();
  const timer = coarseTimer(clock);
  const fired: string[] = [];
  const set = (name: string, delayMs: number) =>
    timer.set(() => void fired.push(`${name} at ${clock.monotonic()}`), delayMs);
  return { clock, timer, fired, set };
}

Deno.test("coarseTimer: each is called in the 8 ms after its time, in order, on one timer of the clock", async () => {
  const { clock, fired, set } = rig();
  set("long", 1_000);
  set("short", 50);
  set("shorter", 41);
  set("at once", 0);
  assert.equal(clock.pendingTimers, 1);
  await clock.advance(2_000);
  assert.deepEqual(fired, ["at once at 0", "shorter at 48", "short at 56", "long at 1000"]);
  assert.equal(clock.pendingTimers, 0);
});

Deno.test("coarseTimer: what is cancelled is not called, and the last one takes the clock's timer along", async () => {
  const { clock, fired, set } = rig();
  const [first, last] = [set("first", 100), set("last", 5_000)];
  first.cancel();
  first.cancel();
  await clock.advance(200);
  assert.equal(clock.pendingTimers, 1);
  last.cancel();
  await clock.advance(0);
  assert.equal(clock.pendingTimers, 0);
  set("next", 40);
  await clock.advance(40);
  assert.deepEqual(fired, ["next at 240"]);
});

Deno.test("coarseTimer: call after call shares one timer of the clock", async () => {
  const { clock, set } = rig();
  let timersSet = 0;
  const setTimer = clock.setTimer.bind(clock);
  clock.setTimer = (callback, delayMs) => (timersSet++, setTimer(callback, delayMs));
  for (let call = 0; call < 100; call++) {
    const wait = set("call", 1_000);
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    wait.cancel();
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  }
  assert.equal(timersSet, 1);
  await clock.advance(0);
  assert.equal(clock.pendingTimers, 0);
});

Deno.test("coarseTimer: one may be cancelled and another set while one is called; one that throws harms no other", async () => {
  const { clock, timer, fired, set } = rig();
  timer.set(() => {
    victim.cancel();
    set("set by the first", 10);
    throw new Error("broken");
  }, 16);
  const victim = set("victim", 16);
  set("other", 16);
  await assert.rejects(clock.advance(16), /broken/);
  await clock.advance(100);
  assert.deepEqual(fired, ["other at 16", "set by the first at 32"]);
  assert.equal(clock.pendingTimers, 0);
});

Deno.test("coarseTimer: any mix of setting, cancelling and waiting calls each that was not cancelled once and in time", async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant("set" as const), delayMs: fc.integer({ min: 0, max: 300 }) }),
    fc.record({ kind: fc.constant("cancel" as const), which: fc.nat() }),
    fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 60 }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const clock = new FakeClock();
      const timer = coarseTimer(clock);
      const waits: { dueAt: number; calledAt?: number; isCancelled?: true; cancel(): void }[] = [];
      for (const one of steps) {
        if (one.kind === "wait") await clock.advance(one.ms);
        if (one.kind === "set") {
          const entry: typeof waits[number] = { dueAt: clock.monotonic() + one.delayMs, cancel: () => {} };
          const wait = timer.set(() => {
            assert.equal(entry.calledAt, undefined);
            entry.calledAt = clock.monotonic();
          }, one.delayMs);
          entry.cancel = () => wait.cancel();
          waits.push(entry);
        }
        if (one.kind === "cancel" && waits.length > 0) {
          const entry = waits[one.which % waits.length]!;
          entry.cancel();
          if (entry.calledAt === undefined) entry.isCancelled = true;
        }
      }
      await clock.advance(400);
      assert.equal(clock.pendingTimers, 0);
      for (const { dueAt, calledAt, isCancelled } of waits) {
        if (isCancelled) assert.equal(calledAt, undefined);
        else assert.ok(calledAt !== undefined && calledAt >= dueAt && calledAt <= dueAt + 8, `${dueAt}: ${calledAt}`);
      }
    }),
    { numRuns: 60 },
  );
});
