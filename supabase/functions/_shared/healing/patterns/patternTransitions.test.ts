import assert from "node:assert/strict";
import fc from "fast-check";
import type { HealingPattern } from "./healingPattern.ts";
import { patternPolicy } from "./patternPolicy.ts";
import { approve, recordOutcome, reject } from "./patternTransitions.ts";
import { pattern } from "./testing/patternFixture.ts";

const right = { successes: 1, failures: 0 };
const wrong = { successes: 0, failures: 1 };
const times = (count: number, start: HealingPattern, told: typeof right) =>
  Array.from({ length: count }).reduce<HealingPattern>((before) => recordOutcome(before, told), start);

Deno.test("28 right outcomes in a row prove a pattern, one fewer does not", () => {
  assert.equal(times(27, pattern(), right).state.kind, "probation");
  assert.equal(times(28, pattern(), right).state.kind, "active");
});

Deno.test("the threshold alone is not enough: outcomes must be as many as the policy says", () => {
  const policy = patternPolicy({ promoteAt: 0.5, demoteBelow: 0.3, minOutcomes: 20 });
  const early = recordOutcome(pattern(), { successes: 19, failures: 0 }, policy);
  assert.equal(early.state.kind, "probation");
  assert.equal(recordOutcome(early, right, policy).state.kind, "active");
});

Deno.test("an active pattern survives a wrong outcome or two, falls below the lower threshold, and comes back only by full proof", () => {
  const active = times(28, pattern(), right);
  assert.equal(times(1, active, wrong).state.kind, "active"); // Its bound is 0.85: between the thresholds it stays.
  const fallen = times(3, active, wrong);
  assert.equal(fallen.state.kind, "demoted");
  const half = times(20, fallen, right);
  assert.equal(half.state.kind, "demoted");
  assert.equal(times(60, half, right).state.kind, "active");
});

Deno.test("outcomes that alternate at either threshold never make a pattern flap", () => {
  fc.assert(fc.property(fc.array(fc.boolean(), { maxLength: 300 }), (outcomes) => {
    let current = times(28, pattern(), right);
    let moves = 0;
    for (const isRight of outcomes) {
      const next = recordOutcome(current, isRight ? right : wrong);
      if (next.state.kind !== current.state.kind) moves++;
      current = next;
    }
    const wrongs = outcomes.filter((isRight) => !isRight).length;
    assert.ok(moves <= 1 + wrongs, `${moves} moves in ${wrongs} wrong outcomes`);
  }));
});

Deno.test("one batch and the same outcomes one by one end in the same counts", () => {
  const batch = recordOutcome(pattern(), { successes: 30, failures: 1 });
  assert.deepEqual(times(1, times(30, pattern(), right), wrong).outcomes, batch.outcomes);
});

Deno.test("what an operator said is not changed by outcomes, and a rejected pattern does not even count them", () => {
  const approved = approve(pattern(), "ann", "checked");
  assert.deepEqual(approved.state, { kind: "approved", decidedBy: "ann", reason: "checked" });
  assert.deepEqual(recordOutcome(approved, { successes: 0, failures: 900 }).state, approved.state);
  const rejected = reject(pattern(), "bob");
  assert.equal(recordOutcome(rejected, { successes: 900, failures: 0 }), rejected);
  assert.equal(approve(rejected, "ann").state.kind, "approved");
});

Deno.test("an expired pattern can neither be approved nor rejected, and late outcomes leave it as it is", () => {
  const expired = pattern({ state: { kind: "expired", reason: "its column is gone" } });
  assert.throws(() => approve(expired, "ann"), /Cannot approve pattern p1 \("mail" to "email"\) as it has expired/);
  assert.throws(() => reject(expired, "ann"), /Cannot reject/);
  assert.equal(recordOutcome(expired, right), expired);
});

Deno.test("a policy whose thresholds leave no room between them is refused", () => {
  assert.throws(() => patternPolicy({ promoteAt: 0.8 }), /got 0.8 and 0.8/);
  assert.throws(() => patternPolicy({ minOutcomes: 0 }), /'minOutcomes' must be at least 1: got 0/);
});
