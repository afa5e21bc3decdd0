import assert from "node:assert/strict";
import type { Clock } from "./clock.ts";
import { timeLimit, TimeLimitError } from "./timeLimit.ts";

/** A clock whose only timer fires when told. */
function manualClock(): Clock & { fire(): void; pending(): boolean } {
  let timer: (() => void) | undefined;
  return {
    now: () => 0,
    monotonic: () => 0,
    setTimer(callback) {
      timer = callback;
      return () => timer = undefined;
    },
    fire: () => timer?.(),
    pending: () => timer !== undefined,
  };
}

Deno.test("work that comes back in time is passed on, and its timer is gone", async () => {
  const clock = manualClock();
  assert.equal(await timeLimit(Promise.resolve(7), 100, clock), 7);
  await Promise.resolve();
  assert.equal(clock.pending(), false);
});

Deno.test("work that fails in time fails with its own error", async () => {
  const clock = manualClock();
  await assert.rejects(timeLimit(Promise.reject(new TypeError("broken")), 100, clock), TypeError);
});

Deno.test("work that takes too long is no longer waited for, and its late failure disturbs nobody", async () => {
  const clock = manualClock();
  const { promise, reject } = Promise.withResolvers<never>();
  const waiting = timeLimit(promise, 100, clock);
  clock.fire();
  await assert.rejects(waiting, (error) => error instanceof TimeLimitError && error.limitMs === 100);
  reject(new Error("too late"));
});
