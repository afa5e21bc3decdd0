import assert from "node:assert/strict";
import fc from "fast-check";
import type { Knob } from "../knobs/knob.ts";
import type { StoredKnob } from "../knobs/storedKnob.ts";
import type { Change, ChangeState } from "./change.ts";
import { cooldownEnd, type GuardRailFacts, refusalOf } from "./guardRails.ts";
import type { Draft } from "./tuningStore.ts";

const knob: Knob = {
  name: "test.knob",
  summary: "s",
  kind: "integer",
  lowest: 1,
  highest: 100,
  defaultValue: 10,
  step: { factor: 2 },
};
const expected = { name: "m", better: "lower", before: 1, after: 1, lower: 1, upper: 1 } as const;
const draft: Draft = { knob, rule: "some-rule", direction: "up", before: 10, after: 20, evidence: {}, expected };
const dayMs = 86_400_000;
const nowMs = 1_000 * dayMs;

function ended(state: ChangeState, daysAgo: number, more: Partial<Change> = {}): Change {
  const atMs = nowMs - daysAgo * dayMs;
  return {
    ...{
      id: "1",
      knob: knob.name,
      rule: "some-rule",
      state,
      direction: "up",
      before: 10,
      after: 20,
      evidence: {},
      expected,
    },
    ...{ windows: 1, reason: "r", decidedBy: "d", proposedAtMs: atMs, trialBeganAtMs: atMs, endedAtMs: atMs },
    ...(state === "kept" ? { keptAtMs: atMs } : {}),
    ...more,
  };
}

const stored: StoredKnob = {
  name: knob.name,
  knob,
  value: 10,
  isTunable: true,
  areBoundsByHand: false,
  updatedAtMs: 0,
};
const facts = (more: Partial<GuardRailFacts> = {}): GuardRailFacts => ({
  ...{ nowMs, cooldownMs: 7 * dayMs, stored, past: [], vetoes: [] },
  ...more,
});

Deno.test("a pin, an opt-out and a veto stand in the way as long as they last, and say who said so", () => {
  const pin = { by: "ann", reason: "the import", untilMs: nowMs + 1 };
  const veto = { knob: "*", rule: "some-rule", by: "bob", reason: "no", untilMs: undefined };
  assert.equal(refusalOf(draft, facts()), undefined);
  assert.match(refusalOf(draft, facts({ stored: { ...stored, pin } }))!, /pinned by ann: the import/);
  assert.equal(refusalOf(draft, facts({ stored: { ...stored, pin: { ...pin, untilMs: nowMs } } })), undefined);
  assert.match(refusalOf(draft, facts({ stored: { ...stored, isTunable: false } }))!, /opted out/);
  assert.match(refusalOf(draft, facts({ vetoes: [veto] }))!, /bob has vetoed/);
  assert.equal(refusalOf(draft, facts({ vetoes: [{ ...veto, rule: "other" }] })), undefined);
  assert.equal(refusalOf(draft, facts({ vetoes: [{ ...veto, untilMs: nowMs }] })), undefined);
});

Deno.test("what came to nothing waits for its cooldown, twice as long each time in a row", () => {
  const days = (...past: Change[]) => (cooldownEnd(draft, facts({ past })) - nowMs) / dayMs;
  assert.equal(days(ended("reverted", 1)), 6);
  assert.equal(days(ended("reverted", 1), ended("abandoned", 20)), 13);
  assert.equal(days(ended("undone", 1), ended("vetoed", 20), ended("reverted", 60)), 27);
  assert.equal(days(...[1, 20, 60, 120, 240, 480].map((ago) => ended("reverted", ago))), 55, "eight times at most");
  assert.equal(days(ended("reverted", 1), ended("kept", 5), ended("reverted", 60)), 6, "a success forgives");
  assert.equal(days(ended("reverted", 1, { direction: "down" })), -Infinity);
  assert.equal(days(ended("reverted", 1, { knob: "test.other" })), -Infinity);
});

Deno.test("after a change was kept the way back is closed for a cooldown, the way on is not", () => {
  const past = [ended("kept", 1, { direction: "down" })];
  assert.equal(cooldownEnd(draft, facts({ past })), nowMs + 6 * dayMs);
  assert.equal(cooldownEnd({ ...draft, direction: "down" }, facts({ past })), -Infinity);
});

Deno.test("one more failure never shortens a cooldown", () => {
  const state = fc.constantFrom<ChangeState>("reverted", "abandoned", "vetoed", "undone");
  fc.assert(fc.property(fc.array(fc.tuple(state, fc.integer({ min: 1, max: 900 })), { maxLength: 8 }), (told) => {
    const past = told.map(([state, ago]) => ended(state, ago)).sort((one, other) => other.endedAtMs! - one.endedAtMs!);
    const before = cooldownEnd(draft, facts({ past }));
    assert.ok(cooldownEnd(draft, facts({ past: [ended("reverted", 0), ...past] })) >= before);
  }));
});
