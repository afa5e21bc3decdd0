import * as z from "zod";
import type { CauseNode } from "../../../_shared/incidents/incident.ts";

/** One line of the tree, with what came of it. */
const causeNode: z.ZodType<CauseNode> = z.object({
  kind: z.string(),
  subject: z.string(),
  count: z.number(),
  requests: z.number(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  costMs: z.number(),
  rule: z.string().optional(),
  confidence: z.number().optional(),
  detail: z.string(),
  get effects() {
    return z.array(causeNode);
  },
  more: z.number().optional(),
}) as unknown as z.ZodType<CauseNode>;

/** One incident: a cause, and all that came of it. */
const incident = z.object({
  headline: z.string(),
  cause: z.object({ kind: z.string(), subject: z.string(), evidence: z.string(), confidence: z.number() }),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  isOpen: z.boolean(),
  touched: z.object({
    functions: z.array(z.string()),
    subjects: z.array(z.string()),
    circuits: z.array(z.string()),
    isolates: z.number(),
    requests: z.number(),
    exampleRequests: z.array(z.string()),
  }),
  healedBy: z.array(z.object({
    by: z.string(),
    subject: z.string(),
    count: z.number(),
    at: z.iso.datetime(),
    tookMs: z.number(),
    detail: z.string(),
  })),
  stillOpen: z.array(z.object({ what: z.string(), subject: z.string(), count: z.number() })),
  cost: z.object({
    waitedMs: z.number(),
    failures: z.number(),
    deadLetters: z.number(),
    rescuedFields: z.number(),
    sheds: z.number(),
    fallbacks: z.number(),
    retries: z.number(),
    heals: z.number(),
    aiCalls: z.number(),
    aiTokens: z.number(),
    aiMicroUsd: z.number(),
  }),
  harm: z.number(),
  tree: causeNode,
});

/** The report of ops-incident, with the text a person reads first. */
export const incidentReport = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  requestId: z.string().optional(),
  incidents: z.array(incident),
  remainder: z.object({ quiet: z.number(), echoes: z.number(), beyond: z.number(), unread: z.number() }),
  text: z.string(),
});
