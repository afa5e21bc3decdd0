import type { NumberKnob } from "../optimizer/knobs/knob.ts";

/** How long a question about names may take: the write that asks it waits so long at most. */
export const advisorDeadlineKnob: NumberKnob = {
  name: "ai.advisor.deadline_ms",
  kind: "integer",
  summary: "How long a question to a model about the names of a payload may take, in milliseconds",
  defaultValue: 3_000,
  lowest: 1_000,
  highest: 24_000,
  step: { factor: 2 },
};
