import type { NumberKnob, SwitchKnob } from "./knob.ts";

/** The optimizer's own settings. Migrations lay their rows down; no rule may turn them. */
export const optimizerKnobs = {
  isEnabled: {
    name: "optimizer.is_enabled",
    kind: "switch",
    summary: "Whether anything is tuned at all",
    defaultValue: true,
  } satisfies SwitchKnob as SwitchKnob,
  trialsAtOnce: {
    name: "optimizer.trials_at_once",
    kind: "integer",
    summary: "So many changes are on trial at once",
    defaultValue: 3,
    lowest: 1,
    highest: 10,
    step: { amount: 1 },
  } satisfies NumberKnob as NumberKnob,
  trialShare: {
    name: "optimizer.trial_share",
    kind: "number",
    summary: "The share of isolates a change is tried on",
    defaultValue: 0.25,
    lowest: 0.01,
    highest: 0.5,
    step: { factor: 2 },
  } satisfies NumberKnob as NumberKnob,
  windowMs: {
    name: "optimizer.window_ms",
    kind: "integer",
    summary: "How long a change is tried before it is judged",
    defaultValue: 3_600_000,
    lowest: 600_000,
    highest: 86_400_000,
    step: { factor: 2 },
  } satisfies NumberKnob as NumberKnob,
  cooldownMs: {
    name: "optimizer.cooldown_ms",
    kind: "integer",
    summary: "How long a change that came to nothing is not tried again, twice as long each time",
    defaultValue: 604_800_000,
    lowest: 3_600_000,
    highest: 7_776_000_000,
    step: { factor: 2 },
  } satisfies NumberKnob as NumberKnob,
};
