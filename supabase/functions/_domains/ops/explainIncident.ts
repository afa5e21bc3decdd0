import * as z from "zod";
import { AppError } from "../../_shared/errors/appError.ts";
import type { RequestContext } from "../../_shared/http/context.ts";
import { explainFacts } from "../../_shared/incidents/explainFacts.ts";
import { type TextAnswer, textAnswer } from "../../_shared/http/textAnswer.ts";
import { incidentText } from "../../_shared/incidents/incidentText.ts";
import { text } from "./flags/flagSchemas.ts";
import type { OpenIncidentPorts } from "./incidents/incidentPorts.ts";
import { incidentReport } from "./incidents/incidentSchemas.ts";

const hourMs = 3_600_000;
const longestMs = 24 * hourMs;
const moment = z.iso.datetime({ offset: true });

/** The query of ops-incident: a request, or a stretch of time. */
export const ExplainIncidentInput = z.strictObject({
  /** The `x-request-id` of an answer: what happened in that request. */
  requestId: text(200).min(1).optional(),
  /** @default an hour before `to` */
  from: moment.optional(),
  /** At most 24 hours after `from`. @default now, or an hour after `from` if that was earlier */
  to: moment.optional(),
  /** `text`: only the text, as text/plain. `json`: the tree, and the text beside it. */
  format: z.enum(["json", "text"]).default("json"),
}).refine(({ requestId, from, to }) => requestId === undefined || (from === undefined && to === undefined), {
  message: "A request has a time of its own: give `requestId`, or `from` and `to`",
  path: ["requestId"],
}).prefault({});

/** The answer of ops-incident. */
export const ExplainIncidentOutput = incidentReport;

/** Tells what broke, what it was caused by, what healed it and what it cost, the worst first. */
export function explainIncident(open: OpenIncidentPorts) {
  return async (
    input: z.output<typeof ExplainIncidentInput>,
    ctx: Pick<RequestContext, "admin" | "clock">,
  ): Promise<z.input<typeof ExplainIncidentOutput> | TextAnswer> => {
    const { facts } = open(ctx);
    const gathered = input.requestId === undefined
      ? await facts.within(...stretchOf(input, ctx.clock.now()))
      : await facts.ofRequest(input.requestId);
    if (gathered === undefined) {
      throw new AppError("not_found", `Cannot explain request '${input.requestId}' as nothing is recorded of it`);
    }
    const report = explainFacts(gathered);
    const words = incidentText(report);
    return input.format === "text" ? textAnswer(words) : { ...report, text: words } as z.input<typeof incidentReport>;
  };
}

function stretchOf({ from, to }: z.output<typeof ExplainIncidentInput>, nowMs: number): [fromMs: number, toMs: number] {
  const toMs = to !== undefined
    ? Date.parse(to)
    : from === undefined
    ? nowMs
    : Math.min(nowMs, Date.parse(from) + hourMs);
  const fromMs = from === undefined ? toMs - hourMs : Date.parse(from);
  if (fromMs > toMs || toMs - fromMs > longestMs) {
    const message = "Cannot explain the stretch of time as it must end after it begins, within 24 hours";
    throw new AppError("invalid_input", message, {
      details: { issues: [{ path: "to", code: "out_of_range", message }] },
    });
  }
  return [fromMs, toMs];
}
