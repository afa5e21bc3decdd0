import assert from "node:assert/strict";
import fc from "fast-check";
import { evaluateFlag, type FlagRule } from "./evaluateFlag.ts";

const rule = (settings: Partial<FlagRule> = {}): FlagRule => ({
  name: "new-checkout",
  isEnabled: true,
  rolloutPercent: 50,
  allowedSubjects: [],
  deniedSubjects: [],
  ...settings,
});

const subjects = Array.from({ length: 10_000 }, (_, index) => `user:${index}`);

Deno.test("a share of subjects is in, within four standard deviations", () => {
  for (const percent of [5, 25, 50, 95]) {
    const share = percent / 100;
    const count = subjects.filter((subject) => evaluateFlag(rule({ rolloutPercent: percent }), subject)).length;
    const deviation = Math.sqrt(subjects.length * share * (1 - share));
    assert.ok(Math.abs(count - subjects.length * share) < 4 * deviation, `${percent} %: ${count} of 10,000`);
  }
});

Deno.test("growing the share keeps everyone who was in, whoever they are", () => {
  fc.assert(fc.property(
    fc.string({ maxLength: 60 }),
    fc.integer({ min: 0, max: 100 }),
    fc.integer({ min: 0, max: 100 }),
    (subject, one, other) => {
      const [lower, higher] = [Math.min(one, other), Math.max(one, other)];
      const before = evaluateFlag(rule({ rolloutPercent: lower }), subject);
      const after = evaluateFlag(rule({ rolloutPercent: higher }), subject);
      assert.ok(!before || after, "the subject fell out as the share grew");
    },
  ));
});

Deno.test("0 % is nobody and 100 % is everybody", () => {
  fc.assert(fc.property(fc.string(), (subject) => {
    assert.equal(evaluateFlag(rule({ rolloutPercent: 0 }), subject), false);
    assert.equal(evaluateFlag(rule({ rolloutPercent: 100 }), subject), true);
  }));
});

Deno.test("two flags at 50 % do not pick the same subjects", () => {
  const inBoth =
    subjects.filter((subject) =>
      evaluateFlag(rule({ name: "one" }), subject) && evaluateFlag(rule({ name: "two" }), subject)
    ).length;
  const deviation = Math.sqrt(subjects.length * 0.25 * 0.75);
  assert.ok(Math.abs(inBoth - 2_500) < 4 * deviation, `${inBoth} of 10,000 are in both`);
});

Deno.test("off is stronger than denied, denied than the share, allowed than the share", () => {
  const subject = "user:1";
  assert.equal(
    evaluateFlag(rule({ isEnabled: false, rolloutPercent: 100, allowedSubjects: [subject] }), subject),
    false,
  );
  assert.equal(evaluateFlag(rule({ rolloutPercent: 100, deniedSubjects: [subject] }), subject), false);
  assert.equal(evaluateFlag(rule({ rolloutPercent: 0, allowedSubjects: [subject] }), subject), true);
});

Deno.test("without a subject a flag is on only when it is on for everyone", () => {
  assert.equal(evaluateFlag(rule({ rolloutPercent: 99 }), undefined), false);
  assert.equal(evaluateFlag(rule({ rolloutPercent: 100 }), undefined), true);
  assert.equal(evaluateFlag(rule({ rolloutPercent: 100, deniedSubjects: ["user:1"] }), undefined), false);
  assert.equal(evaluateFlag(rule({ rolloutPercent: 100, isEnabled: false }), undefined), false);
});
