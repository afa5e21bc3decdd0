import * as z from "zod";
import { text } from "../flags/flagSchemas.ts";

/** A knob's name. */
export const knobName = z.string().max(200).regex(
  /^[a-z]+(\.[A-Za-z0-9_:-]+)+$/,
  "Must be a dotted path, such as batch.chunk_size",
);

/** The number of a change in the log. */
export const changeId = z.string().regex(/^[1-9][0-9]{0,17}$/, "Must be the number of a change");

/** What a knob may hold. */
export const knobValue = z.union([z.number(), z.boolean(), text(200)]);

/** A rule's name. */
export const ruleName = z.string().max(100).regex(/^[a-z][a-z0-9-]*$/, "Must be the name of a rule");

/** A moment that is still to come. */
export const until = z.iso.datetime({ offset: true });

const when = z.iso.datetime().nullable();

/** A knob in full. */
export const fullKnob = z.object({
  name: z.string(),
  summary: z.string(),
  kind: z.enum(["number", "integer", "choice", "switch"]).nullable(),
  /** What the fleet holds, trials aside. */
  value: knobValue.nullable(),
  /** The default counts. */
  isDefault: z.boolean(),
  defaultValue: knobValue.nullable(),
  lowest: z.number().nullable(),
  highest: z.number().nullable(),
  step: z.union([z.object({ factor: z.number() }), z.object({ amount: z.number() })]).nullable(),
  choices: z.array(z.string()).nullable(),
  areBoundsByHand: z.boolean(),
  isTunable: z.boolean(),
  pin: z.object({ by: z.string(), reason: z.string(), until: when }).nullable(),
  trial: z.object({ id: z.string(), value: knobValue, share: z.number() }).nullable(),
});

const findings = z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]));
const measured = z.object({
  treated: z.number(),
  rest: z.number(),
  difference: z.number(),
  lower: z.number(),
  upper: z.number(),
  treatedObservations: z.number(),
  restObservations: z.number(),
}).nullable();

/** A change in full: what was expected, and what came. */
export const fullChange = z.object({
  id: z.string(),
  knob: z.string(),
  rule: z.string(),
  state: z.enum([
    "proposed",
    "shadowed",
    "on_trial",
    "kept",
    "reverted",
    "abandoned",
    "refused",
    "vetoed",
    "undone",
  ]),
  before: knobValue,
  after: knobValue,
  evidence: findings,
  expected: z.object({
    name: z.string(),
    better: z.enum(["lower", "higher"]),
    before: z.number(),
    after: z.number(),
    lower: z.number(),
    upper: z.number(),
  }),
  shadow: findings.nullable(),
  measured,
  /** All isolates in the window after it was kept, beside those without it during the trial. */
  guard: measured,
  share: z.number().nullable(),
  windows: z.number(),
  reason: z.string(),
  decidedBy: z.string(),
  proposedAt: when,
  trialBeganAt: when,
  windowEndsAt: when,
  keptAt: when,
  endedAt: when,
});

/** How well a rule knows what its changes bring. */
export const calibration = z.object({
  rule: z.string(),
  measured: z.number(),
  within: z.number(),
  kept: z.number(),
  reverted: z.number(),
  bias: z.number().nullable(),
});

/** A veto in full. */
export const fullVeto = z.object({
  knob: z.string(),
  rule: z.string(),
  by: z.string(),
  reason: z.string(),
  until: when,
});

/** What a knob became. */
export const knobChange = z.object({
  changedAt: z.iso.datetime(),
  changedBy: z.string(),
  reason: z.string().nullable(),
  before: z.record(z.string(), z.unknown()).nullable(),
  after: z.record(z.string(), z.unknown()).nullable(),
});
