import type { NumberKnob } from "../optimizer/knobs/knob.ts";

/** How often an isolate looks whether the schema is another one, besides being told and besides failing writes. */
export const schemaPollKnob: NumberKnob = {
  kind: "integer",
  name: "schema.poll_ms",
  summary: "How often an isolate looks whether the schema has changed, in milliseconds",
  defaultValue: 30_000,
  lowest: 1_000,
  highest: 600_000,
  step: { factor: 2 },
};
