import assert from "node:assert/strict";
import { sleep } from "../../supabase/functions/_shared/time/sleep.ts";
import { FakeClock } from "./fakeClock.ts";

Deno.test("timers fire in the order they are due, each at its own time", async () => {
  const clock = new FakeClock(1_000);
  const seen: [string, number][] = [];
  clock.setTimer(() => seen.push(["late", clock.now()]), 300);
  clock.setTimer(() => {
    seen.push(["early", clock.now()]);
    clock.setTimer(() => seen.push(["nested", clock.now()]), 50);
  }, 100);
  await clock.advance(299);
  assert.deepEqual(seen, [["early", 1_100], ["nested", 1_150]]);
  await clock.advance(1);
  assert.deepEqual(seen[2], ["late", 1_300]);
  assert.equal(clock.monotonic(), 300);
});

Deno.test("a loop that sleeps makes as many rounds as time allows", async () => {
  const clock = new FakeClock();
  let rounds = 0;
  const stop = new AbortController();
  const loop = (async () => {
    while (true) {
      await sleep(10, { clock, signal: stop.signal });
      rounds++;
    }
  })();
  await clock.advance(100);
  assert.equal(rounds, 10);
  stop.abort(new Error("enough"));
  await assert.rejects(loop, /enough/);
  assert.equal(clock.pendingTimers, 0);
});
