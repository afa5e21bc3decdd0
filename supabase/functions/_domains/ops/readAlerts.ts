import * as z from "zod";
import { alertStates } from "../../_shared/alerts/alert.ts";
import type { AlertPlace, SinkStatus } from "../../_shared/alerts/register/alertRegister.ts";
import { AppError } from "../../_shared/errors/appError.ts";
import type { RequestContext } from "../../_shared/http/context.ts";
import type { AlertPorts, OpenAlertPorts } from "./alerts/alertPorts.ts";
import { fullAlert, fullDelivery, fullSilence, fullSink, severity } from "./alerts/alertSchemas.ts";
import { text } from "./flags/flagSchemas.ts";

const mostDeliveries = 200;

/** The query of ops-alerts. */
export const ReadAlertsInput = z.strictObject({
  /** Only this alert, with what was told of it. */
  id: z.uuid().optional(),
  /** @default all */
  state: z.enum(alertStates).optional(),
  /** This bad, or worse. @default all */
  severity: severity.optional(),
  /** What the key begins with, such as `circuit_open:`. */
  prefix: text(240).optional(),
  /** Alerts of a page. */
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** Where the page before has left off: its `next`. */
  after: text(300).optional(),
});

/** The answer of ops-alerts. */
export const ReadAlertsOutput = z.object({
  alerts: z.array(fullAlert),
  /** Of the alert that was asked for, newest first. */
  deliveries: z.array(fullDelivery),
  /** Those that have not ended. */
  silences: z.array(fullSilence),
  sinks: z.array(fullSink),
  /** `null` on the last page. */
  next: z.string().nullable(),
});

type Output = z.input<typeof ReadAlertsOutput>;

const Place = z.tuple([
  z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d)?$/),
  z.uuid(),
]);

/** Shows alerts, newest first, a page at a time; silences and sinks with them. */
export function readAlerts(open: OpenAlertPorts) {
  return async (
    { id, limit, after, ...filter }: z.output<typeof ReadAlertsInput>,
    ctx: Pick<RequestContext, "admin">,
  ): Promise<Output> => {
    const ports = open(ctx);
    const { register } = ports;
    if (id === undefined) {
      const place = after === undefined ? undefined : readPlace(after);
      const page = await register.list({ ...filter, after: place }, limit);
      const next = page.next === null ? null : encodeURIComponent(JSON.stringify(page.next));
      return { alerts: [...page.alerts], deliveries: [], ...await aside(ports), next };
    }
    const alert = await register.find(id);
    if (alert === undefined) {
      throw new AppError("not_found", `Cannot show the alert as there is none with the id ${id}`);
    }
    const deliveries = await register.deliveries(id, mostDeliveries);
    return { alerts: [alert], deliveries, ...await aside(ports), next: null };
  };
}

async function aside({ register, sinks }: AlertPorts): Promise<Pick<Output, "silences" | "sinks">> {
  const silences = await register.silences();
  const known = new Map((await register.sinks()).map((status) => [status.name, status]));
  for (const { sink } of sinks) if (!known.has(sink.name)) known.set(sink.name, unheardOf(sink.name));
  return {
    silences,
    sinks: [...known.values()].map((status) => {
      const configured = sinks.find(({ sink }) => sink.name === status.name);
      return { ...status, isConfigured: configured !== undefined, problem: configured?.problem ?? null };
    }),
  };
}

/** Configured, and not met by alerts-dispatch yet. */
function unheardOf(name: string): SinkStatus {
  const none = { disabledAt: null, disabledReason: null, lastDeliveredAt: null, lastFailedAt: null };
  return { name, ...none, lastErrorCode: null, pending: 0 };
}

function readPlace(text: string): AlertPlace {
  try {
    return Place.parse(JSON.parse(decodeURIComponent(text)));
  } catch (cause) {
    throw new AppError("invalid_input", "Cannot go on reading as 'after' is no place that a page has left off at", {
      details: { issues: [{ path: "after", code: "custom", message: "Must be the 'next' of a page" }] },
      cause,
    });
  }
}
