import assert from "node:assert/strict";
import { circuitRules } from "../../breaker/circuitOptions.ts";
import { patternPolicy } from "../../healing/patterns/patternPolicy.ts";
import { isWithinBounds, type Knob } from "./knob.ts";
import { findKnob, knownKnobs } from "./knownKnobs.ts";

Deno.test("each knob has a name of its own and holds its default", () => {
  assert.equal(new Set(knownKnobs.map(({ name }) => name)).size, knownKnobs.length);
  for (const knob of knownKnobs) {
    assert.ok(isWithinBounds(knob, knob.defaultValue), knob.name);
    assert.match(knob.name, /^[a-z]+(\.[A-Za-z0-9_:-]+)+$/);
    assert.equal(findKnob(knob.name), knob);
  }
});

Deno.test("a circuit takes what its knobs allow, ends included, and its knobs' defaults are its own", () => {
  const options = ["timeout", "failureThreshold", "errorThresholdPercentage", "resetTimeout"];
  const knobs = options.map((option) =>
    findKnob(`circuit.some.name.${option}`) as Knob & { lowest: number; highest: number }
  );
  const set = (of: (knob: { lowest: number; highest: number; defaultValue: unknown }) => unknown) =>
    Object.fromEntries(options.map((option, at) => [option, of(knobs[at] as never)]));
  for (const end of ["lowest", "highest"] as const) circuitRules("ai", {}, set((knob) => knob[end]));
  assert.deepEqual(circuitRules("ai", {}, set(({ defaultValue }) => defaultValue)), circuitRules("ai", {}));
  assert.equal(findKnob("circuit.some.name.isFailure"), undefined);
});

Deno.test("patterns are judged whatever their knobs hold", () => {
  const ends = (end: "lowest" | "highest", other: "lowest" | "highest") => ({
    read: (knob: Knob) =>
      (knob as never as Record<string, number>)[knob.name === "healing.pattern.demote_below" ? end : other],
  });
  for (const end of ["lowest", "highest"] as const) {
    for (const other of ["lowest", "highest"] as const) patternPolicy({}, ends(end, other) as never);
  }
});
