import assert from "node:assert/strict";
import type { FeatureFlag } from "../../../_shared/flags/featureFlag.ts";
import { applyFlagPatch } from "./applyFlagPatch.ts";

const flag = (isEnabled: boolean, rolloutPercent: number): FeatureFlag => ({
  name: "new-checkout",
  description: "",
  isEnabled,
  rolloutPercent,
  isPublic: false,
  allowedSubjects: [],
  deniedSubjects: [],
  version: 1,
  createdAt: "2026-11-21T09:00:00.000Z",
  updatedAt: "2026-11-21T09:00:00.000Z",
});

Deno.test("off leaves the share as it is, so that the roll-out can go on where it was", () => {
  assert.deepEqual(applyFlagPatch(flag(true, 25), { off: true }), { isEnabled: false });
});

Deno.test("a patch changes what it names and nothing else", () => {
  assert.deepEqual(applyFlagPatch(flag(true, 25), { rolloutPercent: 30 }), { isEnabled: true, rolloutPercent: 30 });
  assert.deepEqual(applyFlagPatch(flag(false, 25), { isEnabled: true }), { isEnabled: true, rolloutPercent: 25 });
  assert.deepEqual(applyFlagPatch(flag(false, 25), { rolloutPercent: 0 }), { isEnabled: false, rolloutPercent: 0 });
});

Deno.test("advance is one step up, and the first one may turn the flag on", () => {
  assert.equal(applyFlagPatch(flag(true, 25), { advance: true }).rolloutPercent, 50);
  assert.deepEqual(applyFlagPatch(flag(false, 0), { advance: true, isEnabled: true }), {
    isEnabled: true,
    rolloutPercent: 5,
  });
});

Deno.test("a flag that is off, or on for everyone, does not advance", () => {
  assert.throws(() => applyFlagPatch(flag(false, 25), { advance: true }), { code: "conflict", message: /it is off/ });
  assert.throws(() => applyFlagPatch(flag(true, 100), { advance: true }), { code: "conflict", message: /everyone/ });
});
