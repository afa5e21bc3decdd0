import type { SwitchKnob } from "../../optimizer/knobs/knob.ts";
import type { KnobFamily } from "../../optimizer/knobs/knobFamily.ts";

const prefix = "healing.rules.";

/** The switch of a rule: off until somebody turns it on. */
export function ruleKnob(id: string, says = "A rule of healing"): SwitchKnob {
  return { kind: "switch", name: prefix + id, summary: says, defaultValue: false };
}

/** The rule whose switch a knob is; undefined where it is none. */
export function ruleOfKnob(name: string): string | undefined {
  return name.startsWith(prefix) ? name.slice(prefix.length) : undefined;
}

/** The switches of all rules. */
export const ruleKnobs: KnobFamily = {
  pattern: /^healing\.rules\.[a-z]+_[0-9a-f]{16}$/,
  knob: (name) => ruleKnob(name.slice(prefix.length)),
};
