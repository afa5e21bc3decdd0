import type { KnobFamily } from "../optimizer/knobs/knobFamily.ts";

/** A circuit's options that operators and the optimizer may set where the code leaves them out. */
export const circuitKnobs: Readonly<Record<string, KnobFamily>> = {
  timeout: {
    pattern: /^circuit\..+\.timeout$/,
    knob: (name) => ({
      name,
      kind: "integer",
      summary: "How long a call of the circuit's dependency may take, in milliseconds",
      defaultValue: 10_000,
      lowest: 100,
      highest: 120_000,
      step: { factor: 2 },
    }),
  },
  failureThreshold: {
    pattern: /^circuit\..+\.failureThreshold$/,
    knob: (name) => ({
      name,
      kind: "integer",
      summary: "So many calls must have been made before the circuit opens",
      defaultValue: 5,
      lowest: 2,
      highest: 50,
      step: { factor: 2 },
    }),
  },
  errorThresholdPercentage: {
    pattern: /^circuit\..+\.errorThresholdPercentage$/,
    knob: (name) => ({
      name,
      kind: "integer",
      summary: "The circuit opens when more calls have failed than this, in percent",
      defaultValue: 50,
      lowest: 20,
      highest: 80,
      step: { amount: 10 },
    }),
  },
  resetTimeout: {
    pattern: /^circuit\..+\.resetTimeout$/,
    knob: (name) => ({
      name,
      kind: "integer",
      summary: "How long the circuit is open the first time, in milliseconds",
      defaultValue: 30_000,
      lowest: 100,
      highest: 300_000,
      step: { factor: 2 },
    }),
  },
};
