import assert from "node:assert/strict";
import { calibrationOf } from "./calibrationOf.ts";
import type { Change } from "./change.ts";

const change = (treated: number | undefined, state: Change["state"], rule = "some-rule"): Change => ({
  ...{ id: "1", knob: "a.b", rule, state, direction: "up", before: 1, after: 2, evidence: {}, windows: 1 },
  ...{ reason: "r", decidedBy: "d", proposedAtMs: 0 },
  expected: { name: "m", better: "lower", before: 100, after: 80, lower: 70, upper: 90 },
  measured: treated === undefined ? undefined : {
    ...{ treated, rest: 100, difference: treated - 100, lower: 0, upper: 0 },
    ...{ treatedObservations: 1, restObservations: 1 },
  },
});

Deno.test("a rule is told by how often what came lay where it was expected", () => {
  const changes = [
    change(80, "kept"),
    change(100, "reverted"),
    change(undefined, "refused"),
    change(70, "kept", "other"),
  ];
  assert.deepEqual(calibrationOf(changes), [
    { rule: "other", measured: 1, within: 1, kept: 1, reverted: 0, bias: -0.1 },
    { rule: "some-rule", measured: 2, within: 1, kept: 1, reverted: 1, bias: 0.1 },
  ]);
});
