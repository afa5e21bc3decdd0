import type { NumberKnob } from "../../optimizer/knobs/knob.ts";
import type { KnobReader } from "../../optimizer/knobs/knobReader.ts";
import { type PatternPolicy, patternPolicy } from "./patternPolicy.ts";

/** The bounds of the two do not meet: whatever they are turned to, a pattern keeps its state between them. */
export const promoteAtKnob: NumberKnob = {
  kind: "number",
  name: "healing.pattern.promote_at",
  summary: "The lower bound from which on a pattern is applied by itself",
  defaultValue: 0.9,
  lowest: 0.85,
  highest: 0.98,
  step: { amount: 0.02 },
};

/** See {@linkcode promoteAtKnob}. */
export const demoteBelowKnob: NumberKnob = {
  kind: "number",
  name: "healing.pattern.demote_below",
  summary: "The lower bound below which a pattern is no longer applied",
  defaultValue: 0.8,
  lowest: 0.6,
  highest: 0.84,
  step: { amount: 0.02 },
};

/** The policy by what the knobs hold. */
export function knobbedPolicy(knobs: KnobReader): PatternPolicy {
  return patternPolicy({ promoteAt: knobs.read(promoteAtKnob), demoteBelow: knobs.read(demoteBelowKnob) });
}
