import type { NumberKnob } from "../../optimizer/knobs/knob.ts";

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
