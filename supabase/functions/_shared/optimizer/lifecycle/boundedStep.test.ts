import assert from "node:assert/strict";
import fc from "fast-check";
import { isWithinBounds, type Knob, type NumberKnob } from "../knobs/knob.ts";
import { boundedStep, directionOf } from "./boundedStep.ts";

const anyNumber = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(NaN, Infinity, -Infinity, 0, 1e308));
const anyKnob: fc.Arbitrary<NumberKnob> = fc.record({
  kind: fc.constantFrom("number" as const, "integer" as const),
  ends: fc.tuple(fc.integer({ min: -1_000, max: 1_000 }), fc.integer({ min: 0, max: 100_000 })),
  step: fc.oneof(
    fc.record({ factor: fc.double({ min: 1.01, max: 10, noNaN: true }) }),
    fc.record({ amount: fc.double({ min: 0.01, max: 1_000, noNaN: true }) }),
  ),
}).map(({ kind, ends: [lowest, width], step }) => ({
  ...{ name: "test.knob", summary: "s", kind, lowest, highest: lowest + width, step, defaultValue: lowest },
}));

Deno.test("whatever is wanted, a step stays within the bounds and goes towards it, no further than a step", () => {
  fc.assert(fc.property(anyKnob, anyNumber, anyNumber, (knob, before, wanted) => {
    const after = boundedStep(knob, before, wanted) as number | undefined;
    if (after === undefined) return;
    assert.ok(isWithinBounds(knob, after), `${after}`);
    assert.notEqual(after, before);
    if (!isWithinBounds(knob, before)) return; // Back to what the knob allows first, whatever is wanted.
    assert.ok(after > before ? wanted > before : wanted < before, "not away from what is wanted");
    const whole = knob.kind === "integer" ? 1 : 0;
    const reach = "amount" in knob.step
      ? knob.step.amount
      : before > 0
      ? before * (knob.step.factor - 1)
      : (knob.highest - knob.lowest) / 100;
    assert.ok(Math.abs(after - before) <= reach * 1.00001 + whole, `${before} -> ${after}, a step is ${reach}`);
  }));
});

Deno.test("steps come to what is wanted, and stop there", () => {
  const knob: Knob = {
    ...{ name: "test.knob", summary: "s", kind: "integer", lowest: 1, highest: 100, defaultValue: 10 },
    step: { factor: 1.05 },
  };
  let value = 10;
  for (let step = 0; step < 100; step++) value = (boundedStep(knob, value, 37) as number | undefined) ?? value;
  assert.equal(value, 37);
  assert.equal(boundedStep(knob, 100, 1e9), undefined);
});

Deno.test("a choice and a switch take what they allow, and nothing else", () => {
  const way: Knob = { name: "a.b", summary: "s", kind: "choice", choices: ["slow", "fast"], defaultValue: "slow" };
  const isOn: Knob = { name: "a.b", summary: "s", kind: "switch", defaultValue: true };
  assert.deepEqual(["fast", "slow", "other", 1].map((wanted) => boundedStep(way, "slow", wanted)), [
    "fast",
    undefined,
    undefined,
    undefined,
  ]);
  assert.deepEqual([false, true, 0].map((wanted) => boundedStep(isOn, true, wanted)), [false, undefined, undefined]);
  assert.deepEqual([directionOf(1, 2), directionOf(2, 1), directionOf("slow", "fast")], ["up", "down", "to:fast"]);
});
