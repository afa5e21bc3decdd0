import type { NumberKnob } from "../../optimizer/knobs/knob.ts";
import type { KnobFamily } from "../../optimizer/knobs/knobFamily.ts";

/** Which version of a prompt is used: 0 is the active one. A version never changes, so any is one step from any other. */
export function promptKnob(name: string): NumberKnob {
  return {
    kind: "integer",
    name: `prompts.${name}.version`,
    summary: `The version of prompt '${name}' that is used; 0 is the active one`,
    defaultValue: 0,
    lowest: 0,
    highest: 100_000,
    step: { amount: 100_000 },
  };
}

/** The versions of all prompts. */
export const promptKnobs: KnobFamily = {
  pattern: /^prompts\.[a-z][a-z0-9]*(-[a-z0-9]+)*\.version$/,
  knob: (name) => promptKnob(name.split(".")[1]!),
};
