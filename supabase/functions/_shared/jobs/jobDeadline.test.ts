import assert from "node:assert/strict";
import { FakeClock } from "../../../../tests/harness/fakeClock.ts";
import { JobDeadline } from "./jobDeadline.ts";

function deadlineWith(cpuTimeMs: () => number | undefined) {
  const clock = new FakeClock();
  const retirement = new AbortController();
  const deadline = new JobDeadline({
    budgetMs: 10_000,
    cpuBudgetMs: 1_500,
    clock,
    platform: { cpuTimeMs },
    retiring: retirement.signal,
  });
  return { clock, retirement, deadline };
}

Deno.test("JobDeadline yields with a tenth of the time left, and aborts when all of it is gone", async () => {
  const { clock, deadline } = deadlineWith(() => 0);
  await clock.advance(9000);
  assert.equal(deadline.shouldYield(), false);
  await clock.advance(1);
  assert.equal(deadline.shouldYield(), true);
  assert.equal(deadline.signal.aborted, false);
  await clock.advance(999);
  assert.equal(deadline.signal.aborted, true);
  assert.equal(deadline.remainingMs(), 0);
});

Deno.test("JobDeadline yields before the CPU limit, counted from its own start", () => {
  let cpuMs = 5000;
  const { deadline } = deadlineWith(() => cpuMs);
  cpuMs += 1499;
  assert.equal(deadline.shouldYield(), false);
  cpuMs += 1;
  assert.equal(deadline.shouldYield(), true);
});

Deno.test("JobDeadline takes all time for computing where the runtime does not tell", async () => {
  const { clock, deadline } = deadlineWith(() => undefined);
  await clock.advance(1499);
  assert.equal(deadline.shouldYield(), false);
  await clock.advance(1);
  assert.equal(deadline.shouldYield(), true);
});

Deno.test("JobDeadline yields as soon as the isolate is about to be retired, without cutting the chunk off", () => {
  const { retirement, deadline } = deadlineWith(() => 0);
  retirement.abort();
  assert.equal(deadline.shouldYield(), true);
  assert.equal(deadline.signal.aborted, false);
});

Deno.test("JobDeadline leaves no timer behind once it has ended", () => {
  const { clock, deadline } = deadlineWith(() => 0);
  deadline.end();
  assert.equal(clock.pendingTimers, 0);
});
