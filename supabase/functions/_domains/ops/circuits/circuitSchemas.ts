import * as z from "zod";
import { text } from "../flags/flagSchemas.ts";

/** A circuit's name. */
export const circuitName = text(200).min(1);

const state = z.enum(["closed", "open", "half-open", "ramping"]);
const override = z.object({ to: z.enum(["open", "closed"]), reason: z.string() }).nullable();
const vote = z.object({
  isolate: z.string(),
  calls: z.number(),
  failures: z.number(),
  /** It fails elsewhere too, so that its word counts for nothing. */
  isDoubtful: z.boolean(),
});

/** A circuit, with what isolates have told of it lately. */
export const fullCircuit = z.object({
  name: z.string(),
  state,
  /** The share of calls that goes through; an override counts. */
  share: z.number(),
  epoch: z.number(),
  /** How often it has opened without closing between. */
  trips: z.number(),
  reason: z.string().nullable(),
  changedAt: z.iso.datetime().nullable(),
  remainingMs: z.number().nullable(),
  /** The isolate that probes. */
  probedBy: z.string().nullable(),
  override,
  /** `isOld`: told of a phase that is over. */
  votes: z.array(vote.extend({ isOld: z.boolean(), reportedAt: z.iso.datetime() })),
});

/** One entry of a circuit's history. */
export const circuitChange = z.object({
  changedAt: z.iso.datetime(),
  changedBy: z.string(),
  epoch: z.number(),
  state,
  trips: z.number(),
  reason: z.string().nullable(),
  override,
  votes: z.array(vote),
});

/** The answer to an override: the circuit as it is now. */
export const OverriddenCircuitOutput = z.object({ circuit: fullCircuit });
