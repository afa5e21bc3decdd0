import assert from "node:assert/strict";
import { mergeEquals } from "./mergeEquals.ts";
import { pattern } from "./testing/patternFixture.ts";

Deno.test("equals of two strategies become one whose outcomes are the sum, and which the sum may prove", () => {
  const merged = mergeEquals([
    pattern({ id: "a", strategy: "matcher", outcomes: { successes: 20, failures: 0 } }),
    pattern({ id: "b", strategy: "ai", outcomes: { successes: 10, failures: 0 } }),
  ]);
  assert.deepEqual(merged.map(({ id, strategy, outcomes, state }) => [id, strategy, outcomes.successes, state.kind]), [
    ["a", "matcher", 30, "active"],
  ]);
});

Deno.test("an operator's no stands over an operator's yes, and either over outcomes", () => {
  const yes = pattern({ id: "yes", state: { kind: "approved", decidedBy: "ann" } });
  const no = pattern({ id: "no", state: { kind: "rejected", decidedBy: "bob" } });
  const proven = pattern({ id: "proven", state: { kind: "active" }, outcomes: { successes: 99, failures: 0 } });
  assert.deepEqual(mergeEquals([proven, yes, no]).map(({ id, state }) => [id, state.kind]), [["no", "rejected"]]);
  assert.deepEqual(mergeEquals([proven, yes]).map(({ state }) => state.kind), ["approved"]);
});

Deno.test("another target, another coercion and what has expired stay apart; the same pattern twice is not counted twice", () => {
  const one = pattern({ outcomes: { successes: 3, failures: 1 } });
  const others = [
    pattern({ id: "p2", targetAttnum: 3 }),
    pattern({ id: "p3", coercion: "text_to_number" }),
    pattern({ id: "p4", state: { kind: "expired", reason: "x" } }),
  ];
  assert.deepEqual(mergeEquals([one, ...others, one]), [one, ...others]);
});
