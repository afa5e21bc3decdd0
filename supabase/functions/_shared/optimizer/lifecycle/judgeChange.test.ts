import assert from "node:assert/strict";
import { judgeGuard, judgeTrial, type TrialFacts } from "./judgeChange.ts";

const sample = (mean: number, observations = 400) => ({ mean, variance: 100, observations });
const same = { treated: sample(100), rest: sample(100) };
const facts = (more: Partial<TrialFacts> = {}): TrialFacts => ({
  ...{ expected: { name: "milliseconds", better: "lower" }, treated: sample(100), rest: sample(100), lead: same },
  ...{ isWindowOver: true, windows: 1 },
  ...more,
});
const decision = (more: Partial<TrialFacts>) => judgeTrial(facts(more)).decision;

Deno.test("better is kept once its window is over, and says why", () => {
  const { decision, reason } = judgeTrial(facts({ treated: sample(90) }));
  assert.equal(decision, "keep");
  assert.match(
    reason,
    /^It is better: milliseconds 90 with it and 100 without it, a difference of -1\d(\.\d+)? to -\d/,
  );
  assert.equal(judgeTrial(facts({ treated: sample(90), isWindowOver: false })).decision, "wait");
});

Deno.test("harm is stopped at once where it is plain, and at the end of the window where it is likely", () => {
  assert.equal(decision({ treated: sample(110), isWindowOver: false }), "revert");
  assert.equal(decision({ treated: sample(102.2), isWindowOver: false }), "wait");
  assert.equal(decision({ treated: sample(102.2) }), "revert");
});

Deno.test("what nobody can tell gets a second window, and no third", () => {
  assert.equal(decision({}), "extend");
  assert.equal(decision({ windows: 2 }), "abandon");
  assert.equal(decision({ treated: undefined }), "extend");
  assert.equal(decision({ treated: sample(50, 29), windows: 2 }), "abandon");
});

Deno.test("nothing is kept where those it is tried on were never measured without it, but harm is stopped", () => {
  assert.equal(decision({ treated: sample(50), lead: { treated: undefined, rest: sample(100) } }), "extend");
  assert.equal(decision({ treated: sample(150), lead: { treated: undefined, rest: sample(100) } }), "revert");
});

Deno.test("a group that was better before is not better for the change", () => {
  assert.equal(decision({ treated: sample(80), lead: { treated: sample(80), rest: sample(100) } }), "extend");
});

Deno.test("nothing is kept while those without it are not what they were", () => {
  assert.equal(decision({ treated: sample(100), rest: sample(1_000) }), "extend");
});

Deno.test("more may be what is wanted", () => {
  const expected = { name: "rows", better: "higher" } as const;
  assert.equal(decision({ expected, treated: sample(110) }), "keep");
  assert.equal(decision({ expected, treated: sample(90) }), "revert");
});

Deno.test("what was kept goes when it is worse for all than it was without it", () => {
  const guard = {
    expected: { name: "m", better: "lower" },
    treated: sample(100),
    rest: sample(100),
    isWindowOver: true,
  } as const;
  assert.equal(judgeGuard(guard).decision, "keep");
  assert.equal(judgeGuard({ ...guard, isWindowOver: false }).decision, "wait");
  assert.equal(judgeGuard({ ...guard, treated: sample(110), isWindowOver: false }).decision, "revert");
  assert.equal(judgeGuard({ ...guard, treated: undefined }).decision, "keep");
});
