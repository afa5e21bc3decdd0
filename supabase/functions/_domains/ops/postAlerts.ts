import * as z from "zod";
import { AppError } from "../../_shared/errors/appError.ts";
import type { RequestContext } from "../../_shared/http/context.ts";
import type { AlertPorts, OpenAlertPorts } from "./alerts/alertPorts.ts";
import { fullSilence, severity } from "./alerts/alertSchemas.ts";
import { testSinks } from "./alerts/testSinks.ts";
import { callerName } from "./callerName.ts";
import { reason, text } from "./flags/flagSchemas.ts";

const longestSilenceMs = 90 * 86_400_000;

const moment = z.iso.datetime({ offset: true });

const silence = z.strictObject({
  /** What the keys begin with; empty: all. */
  prefix: text(240),
  /** What is worse is told all the same. @default "error" */
  maxSeverity: severity.default("error"),
  /** @default now */
  fromAt: moment.optional(),
  /** At most 90 days later. */
  untilAt: moment,
  reason: reason.min(1),
});

/** A silence to begin, or a test to make. */
export const PostAlertsInput = z.strictObject({
  silence: silence.optional(),
  /** Sends a test to every sink at once, and waits for what they answer. */
  test: z.strictObject({ severity: severity.default("info") }).optional(),
}).superRefine(({ silence, test }, issues) => {
  if ((silence === undefined) === (test === undefined)) {
    issues.addIssue({ code: "custom", path: [], message: "Must be either a silence or a test" });
  }
});

/** What came of it. */
export const PostAlertsOutput = z.object({
  silence: fullSilence.optional(),
  /** One entry a sink. */
  test: z.array(z.object({
    sink: z.string(),
    isDelivered: z.boolean(),
    /** Why not. */
    code: z.string().nullable(),
    durationMs: z.number(),
  })).optional(),
});

type Input = z.output<typeof PostAlertsInput>;

/** Begins a silence, or tests the sinks. */
export function postAlerts(open: OpenAlertPorts) {
  return async (
    { silence, test }: Input,
    ctx: Pick<RequestContext, "admin" | "caller" | "clock" | "random" | "signal">,
  ): Promise<z.input<typeof PostAlertsOutput>> => {
    const ports = open(ctx);
    if (silence !== undefined) return { silence: await begin(silence, ports, ctx) };
    return { test: await testSinks(ports, test?.severity ?? "info", ctx) };
  };
}

async function begin(
  { prefix, maxSeverity, fromAt, untilAt, reason }: NonNullable<Input["silence"]>,
  { register }: AlertPorts,
  { caller, clock }: Pick<RequestContext, "caller" | "clock">,
) {
  const from = fromAt === undefined ? clock.now() : Date.parse(fromAt);
  const until = Date.parse(untilAt);
  if (!(until > from && until > clock.now() && until <= from + longestSilenceMs)) {
    throw new AppError(
      "invalid_input",
      "Cannot begin the silence as it must end later, within 90 days of its beginning",
      {
        details: { issues: [{ path: "silence.untilAt", code: "custom", message: "Must be later, within 90 days" }] },
      },
    );
  }
  return await register.silence({
    prefix,
    maxSeverity,
    fromAt: new Date(from).toISOString(),
    untilAt: new Date(until).toISOString(),
    createdBy: callerName(caller),
    reason,
  });
}
