import assert from "node:assert/strict";
import { localBreaker } from "./localBreaker.ts";

function setUp(options: Parameters<typeof localBreaker>[0] = {}, chance = 0) {
  let nowMs = 0;
  const clock = { now: () => nowMs, monotonic: () => nowMs, setTimer: () => assert.fail("no timers") };
  const breaker = localBreaker({ ...options, clock, random: { next: () => chance, uuid: () => "" } });
  const fail = (times: number) => {
    for (let time = 0; time < times; time++) breaker.report(true);
  };
  return { breaker, fail, pass: (ms: number) => void (nowMs += ms) };
}

Deno.test("localBreaker: opens after failures in a row, not after as many with a success between", () => {
  const { breaker, fail } = setUp();
  fail(4);
  breaker.report(false);
  fail(4);
  assert.equal(breaker.allows(), true);
  fail(1);
  assert.equal(breaker.allows(), false);
});

Deno.test("localBreaker: once its time is up it lets one call through, and closes when that succeeds", () => {
  const { breaker, fail, pass } = setUp();
  fail(5);
  pass(999);
  assert.equal(breaker.allows(), false);
  pass(1);
  assert.deepEqual([breaker.allows(), breaker.allows()], [true, false]);
  breaker.report(false);
  assert.deepEqual([breaker.allows(), breaker.allows()], [true, true]);
});

Deno.test("localBreaker: it stays open twice as long after each call that fails, up to a bound", () => {
  const { breaker, fail, pass } = setUp({ failureThreshold: 1, openMs: 100, maxOpenMs: 300 });
  fail(1);
  for (const openMs of [100, 200, 300, 300]) {
    pass(openMs - 1);
    assert.equal(breaker.allows(), false, `${openMs}`);
    pass(1);
    assert.equal(breaker.allows(), true, `${openMs}`);
    fail(1);
  }
});

Deno.test("localBreaker: chance takes up to half of the wait", () => {
  const { breaker, fail, pass } = setUp({ failureThreshold: 1, openMs: 100 }, 0.5);
  fail(1);
  pass(74);
  assert.equal(breaker.allows(), false);
  pass(1);
  assert.equal(breaker.allows(), true);
});

Deno.test("localBreaker: late failures do not prolong it, a late success closes it, a lost call does not hold it open", () => {
  const { breaker, fail, pass } = setUp({ failureThreshold: 1, openMs: 100 });
  fail(1);
  pass(50);
  fail(1);
  pass(50);
  assert.equal(breaker.allows(), true);
  pass(100); // Nobody told what came of it.
  assert.deepEqual([breaker.allows(), breaker.allows()], [true, false]);
  fail(1);
  assert.equal(breaker.allows(), false);
  breaker.report(false);
  assert.equal(breaker.allows(), true);
});

Deno.test("localBreaker: a threshold that is none is refused", () => {
  assert.throws(() => localBreaker({ failureThreshold: 0 }), RangeError);
});
