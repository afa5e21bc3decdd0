import assert from "node:assert/strict";
import { isWithinBounds, type Knob } from "./knob.ts";
import { defaultKnobs } from "./knobReader.ts";

const said = { name: "test.one", summary: "A knob" };
const limit: Knob = { ...said, kind: "integer", defaultValue: 5, lowest: 1, highest: 9, step: { amount: 1 } };
const share: Knob = { ...said, kind: "number", defaultValue: 0.5, lowest: 0, highest: 1, step: { factor: 2 } };
const way: Knob = { ...said, kind: "choice", defaultValue: "slow", choices: ["slow", "fast"] };
const isOn: Knob = { ...said, kind: "switch", defaultValue: true };

Deno.test("a knob allows what lies within its bounds and is of its kind, and nothing else", () => {
  const allowed: [Knob, unknown[], unknown[]][] = [
    [limit, [1, 5, 9], [0, 10, 5.5, NaN, Infinity, "5", true, null, undefined]],
    [share, [0, 0.123, 1], [-0.001, 1.001, NaN, "0.5"]],
    [way, ["slow", "fast"], ["", "other", 1, null]],
    [isOn, [true, false], [0, 1, "true", null]],
  ];
  for (const [knob, good, bad] of allowed) {
    for (const value of good) assert.equal(isWithinBounds(knob, value), true, `${knob.kind} ${value}`);
    for (const value of bad) assert.equal(isWithinBounds(knob, value), false, `${knob.kind} ${value}`);
  }
});

Deno.test("where nobody turns knobs each holds its default", () => {
  assert.deepEqual([limit, share, way, isOn].map((knob) => defaultKnobs.read(knob)), [5, 0.5, "slow", true]);
});
