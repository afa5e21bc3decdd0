import type { NumberKnob } from "../../optimizer/knobs/knob.ts";

/** How many rows of a batch travel in one statement, where the caller does not say. */
export const chunkSizeKnob: NumberKnob = {
  name: "batch.chunk_size",
  kind: "integer",
  summary: "Rows of a batch that travel in one statement",
  defaultValue: 500,
  lowest: 25,
  highest: 5_000,
  step: { factor: 2 },
};
