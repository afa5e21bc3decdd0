import assert from "node:assert/strict";
import { FakeClock } from "../../../../tests/harness/fakeClock.ts";
import { seededRandom } from "../random/seededRandom.ts";
import { SharedTimer } from "./sharedTimer.ts";

function rig(delayMs = 100) {
  const clock = new FakeClock();
  const timer = new SharedTimer(clock, delayMs);
  const fired: string[] = [];
  const set = (name: string) => timer.set(() => fired.push(`${name} at ${clock.monotonic()}`), clock.monotonic());
  return { clock, timer, fired, set };
}

Deno.test("each is called at its own time, once, on one timer of the clock", async () => {
  const { clock, fired, set } = rig();
  set("a");
  await clock.advance(30);
  set("b");
  set("c");
  assert.equal(clock.pendingTimers, 1);
  await clock.advance(70);
  assert.deepEqual(fired, ["a at 100"]);
  await clock.advance(1_000);
  assert.deepEqual(fired, ["a at 100", "b at 130", "c at 130"]);
  assert.equal(clock.pendingTimers, 0);
});

Deno.test("what is cancelled is not called, the others still in time; the last one takes the clock's timer along", async () => {
  const { clock, fired, set } = rig();
  const cancelFirst = set("first");
  await clock.advance(50);
  const cancelLast = set("last");
  cancelFirst();
  cancelFirst();
  assert.equal(clock.pendingTimers, 1);
  await clock.advance(60);
  assert.deepEqual(fired, []);
  cancelLast();
  assert.equal(clock.pendingTimers, 0);
  set("next");
  await clock.advance(99);
  assert.deepEqual(fired, []);
  await clock.advance(1);
  assert.deepEqual(fired, ["next at 210"]);
});

Deno.test("one may be cancelled and another set while one is called", async () => {
  const { clock, timer, fired, set } = rig();
  let cancelVictim = () => {};
  timer.set(() => {
    cancelVictim();
    set("set by the first");
  }, clock.monotonic());
  cancelVictim = set("victim");
  await clock.advance(500);
  assert.deepEqual(fired, ["set by the first at 200"]);
  assert.equal(clock.pendingTimers, 0);
});

Deno.test("a callback that throws takes no other's time away", async () => {
  const { clock, timer, fired, set } = rig();
  timer.set(() => {
    throw new Error("broken");
  }, clock.monotonic());
  set("next");
  await assert.rejects(clock.advance(100), /broken/);
  await clock.advance(0);
  assert.deepEqual(fired, ["next at 100"]);
});

Deno.test("any mix of setting, cancelling and waiting calls each that was not cancelled in time exactly once", async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = seededRandom(seed);
    const { clock, timer } = rig(50);
    const wanted: number[] = [];
    const called: number[] = [];
    const pending = new Map<number, () => void>();
    for (let step = 0; step < 100; step++) {
      const choice = random.next();
      if (choice < 0.5) {
        const dueAt = clock.monotonic() + 50;
        const id = step;
        pending.set(
          id,
          timer.set(() => {
            assert.equal(clock.monotonic(), dueAt, `seed ${seed}`);
            called.push(id);
            pending.delete(id);
          }, clock.monotonic()),
        );
        wanted.push(id);
      } else if (choice < 0.7 && pending.size > 0) {
        const [id, cancel] = [...pending][Math.floor(random.next() * pending.size)]!;
        cancel();
        pending.delete(id);
        wanted.splice(wanted.indexOf(id), 1);
      } else await clock.advance(Math.floor(random.next() * 40));
    }
    await clock.advance(50);
    assert.deepEqual(called, wanted, `seed ${seed}`);
    assert.equal(clock.pendingTimers, 0, `seed ${seed}`);
  }
});
