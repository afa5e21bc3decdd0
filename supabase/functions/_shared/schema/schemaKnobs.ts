import type { NumberKnob } from "../optimizer/knobs/knob.ts";

/** How often the schema is looked at, besides whenever a write fails. */
export const schemaPollKnob: NumberKnob = {
  name: "schema.poll_ms",
  kind: "integer",
  summary: "How often the schema is looked at besides whenever a write fails, in milliseconds",
  defaultValue: 30_000,
  lowest: 5_000,
  highest: 600_000,
  step: { factor: 2 },
};
