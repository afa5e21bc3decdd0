import type { NumberKnob } from "../../optimizer/knobs/knob.ts";

/**
 * How sure a learned pattern must be before it heals. Its bounds do not meet those of `demoteBelow`: whatever the two hold, a
 * pattern keeps its state between them.
 */
export const promoteAtKnob: NumberKnob = {
  name: "healing.pattern.promote_at",
  kind: "number",
  summary: "A learned pattern becomes active once its lower bound reaches this",
  defaultValue: 0.9,
  lowest: 0.85,
  highest: 0.98,
  step: { amount: 0.02 },
};

/** How unsure an active pattern must have become before it is demoted. */
export const demoteBelowKnob: NumberKnob = {
  name: "healing.pattern.demote_below",
  kind: "number",
  summary: "An active pattern is demoted once its lower bound falls below this",
  defaultValue: 0.8,
  lowest: 0.6,
  highest: 0.84,
  step: { amount: 0.02 },
};

/** How many outcomes it takes to judge a pattern. */
export const minOutcomesKnob: NumberKnob = {
  name: "healing.pattern.min_outcomes",
  kind: "integer",
  summary: "A pattern is not judged before it has this many outcomes",
  defaultValue: 20,
  lowest: 10,
  highest: 100,
  step: { factor: 1.5 },
};
