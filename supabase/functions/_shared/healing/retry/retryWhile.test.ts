import assert from "node:assert/strict";
import { FakeClock } from "../../../../../tests/harness/fakeClock.ts";
import { seededRandom } from "../../random/seededRandom.ts";
import { type RetryOptions, retryWhile } from "./retryWhile.ts";

const policy = { maxAttempts: 5, wait: { baseMs: 100, capMs: 1_000 } };

function failing(times: number) {
  const attempts: number[] = [];
  const work = (attempt: number) => {
    attempts.push(attempt);
    return attempt <= times ? Promise.reject(new Error(`failure ${attempt}`)) : Promise.resolve("done");
  };
  return { attempts, work };
}

const options = (clock: FakeClock, more: Partial<RetryOptions> = {}): RetryOptions => ({
  clock,
  random: seededRandom(1),
  policyOf: () => policy,
  ...more,
});

Deno.test("runs again after waits, until it succeeds", async () => {
  const clock = new FakeClock();
  const { attempts, work } = failing(3);
  const waits: number[] = [];
  const result = retryWhile(work, options(clock, { onRetry: (_error, _attempt, waitMs) => waits.push(waitMs) }));
  await clock.advance(99);
  assert.deepEqual(attempts, [1]);
  await clock.advance(3_000);
  assert.equal(await result, "done");
  assert.deepEqual(attempts, [1, 2, 3, 4]);
  assert.deepEqual([waits.length, waits[0]], [3, 100]);
});

Deno.test("the last failure surfaces when tries are used up, and a final one at once", async () => {
  const clock = new FakeClock();
  const { attempts, work } = failing(9);
  const outcome = assert.rejects(retryWhile(work, options(clock)), { message: "failure 5" });
  await clock.advance(10_000);
  await outcome;
  assert.equal(attempts.length, 5);
  await assert.rejects(retryWhile(failing(9).work, options(clock, { policyOf: () => undefined })), {
    message: "failure 1",
  });
});

Deno.test("an abort ends a wait at once, with its reason and without a timer left", async () => {
  const clock = new FakeClock();
  const stop = new AbortController();
  const { attempts, work } = failing(9);
  const outcome = assert.rejects(retryWhile(work, options(clock, { signal: stop.signal })), { message: "enough" });
  await clock.advance(50);
  stop.abort(new Error("enough"));
  await outcome;
  assert.deepEqual([attempts.length, clock.pendingTimers], [1, 0]);
});

Deno.test("no wait begins that would outlive the deadline", async () => {
  const clock = new FakeClock();
  const { attempts, work } = failing(9);
  const deadline = { remainingMs: () => 250 - clock.monotonic() };
  const outcome = assert.rejects(retryWhile(work, options(clock, { deadline })), /failure/);
  await clock.advance(250);
  await outcome;
  assert.ok(attempts.length < 5 && attempts.length > 1 && clock.pendingTimers === 0);
});

Deno.test("an onlooker that throws breaks nothing", async () => {
  const clock = new FakeClock();
  const onRetry = () => {
    throw new Error("onlooker");
  };
  const result = retryWhile(failing(1).work, options(clock, { onRetry }));
  await clock.advance(100);
  assert.equal(await result, "done");
});
