import type { ChoiceKnob, NumberKnob } from "../../optimizer/knobs/knob.ts";

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

/**
 * What a transaction does after a deadlock, besides its wait. In a storm those that were chosen as victims collide again as
 * soon as they are back; in line they come one by one. Whoever never collides never stands in it.
 */
export const afterDeadlockKnob: ChoiceKnob = {
  name: "transaction.after_deadlock",
  kind: "choice",
  summary:
    "After a deadlock a transaction tries again at once with its wait (retry), or one by one with others (queue)",
  defaultValue: "retry",
  choices: ["retry", "queue"],
};
