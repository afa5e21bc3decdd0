import type { NumberKnob } from "../../optimizer/knobs/knob.ts";

/** How often a transaction that collided with another is run altogether. */
export const maxTriesKnob: NumberKnob = {
  name: "transaction.max_tries",
  kind: "integer",
  summary: "Tries altogether of a transaction that collided with another",
  defaultValue: 5,
  lowest: 2,
  highest: 10,
  step: { amount: 1 },
};

/** The wait before the second try of a transaction that collided with another. */
export const collisionWaitKnob: NumberKnob = {
  name: "transaction.first_wait_ms",
  kind: "number",
  summary: "The first wait of a transaction that collided with another, in milliseconds",
  defaultValue: 2,
  lowest: 0.5,
  highest: 64,
  step: { factor: 2 },
};
