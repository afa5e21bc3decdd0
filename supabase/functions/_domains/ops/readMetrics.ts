import * as z from "zod";
import type { RequestContext } from "../../_shared/http/context.ts";
import { textAnswer } from "../../_shared/http/textAnswer.ts";
import type { Metrics, OperationMetrics } from "../../_shared/monitor/metrics.ts";
import { prometheusText } from "../../_shared/monitor/prometheusText.ts";
import { spanOf } from "../../_shared/monitor/windowSpan.ts";
import type { MetricPorts, OpenMetricPorts } from "./metrics/metricPorts.ts";
import { fullMetrics, metricChanges, namedMetrics, slowOperation } from "./metrics/metricsSchemas.ts";
import { text } from "./flags/flagSchemas.ts";

const dayMs = 86_400_000;
const longestMs = 400 * dayMs;

/** The query of ops-metrics. */
export const ReadMetricsInput = z.strictObject({
  /** How far back from now. @default 1h */
  window: z.enum(["5m", "1h", "24h", "7d"]).optional(),
  /** Instead of `window`: from this moment until before `to`. */
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  /** Only this function. */
  function: text(100).min(1).optional(),
  /** Only this operation. */
  operation: text(200).min(1).optional(),
  /** So many of the slowest calls. */
  slow: z.coerce.number().int().min(0).max(200).default(20),
  /** Beside the week before; the window is then a week. */
  weekly: z.stringbool().default(false),
  format: z.enum(["json", "prometheus"]).default("json"),
}).refine(({ from, to }) => (from === undefined) === (to === undefined), "Must have both 'from' and 'to', or neither")
  .refine(({ from, window }) => from === undefined || window === undefined, "Must have 'window' or 'from', not both")
  .refine(({ from, to }) => from === undefined || isSpan(Date.parse(from), Date.parse(to!)), {
    message: "Must end after 'from', by 400 days at most",
    path: ["to"],
  });

/** The answer of ops-metrics, where it is JSON. */
export const ReadMetricsOutput = z.object({
  metrics: fullMetrics,
  slow: z.array(slowOperation),
  /** With `weekly`: the week before, and by how much each number grew since, as a share. */
  lastWeek: namedMetrics.optional(),
  changes: metricChanges.optional(),
});

type Input = z.output<typeof ReadMetricsInput>;

/** Shows what the fleet measured, as JSON or for a scrape by Prometheus. */
export function readMetrics(open: OpenMetricPorts) {
  return async (input: Input, ctx: Pick<RequestContext, "admin" | "clock">) => {
    const ports = open(ctx);
    const now = ctx.clock.now();
    if (input.format === "prometheus") return textAnswer(await scrape(ports, input, now));
    const window = spanOf(input.weekly ? "7d" : windowOf(input), now);
    const { function: functionName, operation } = input;
    const [read, slow] = await Promise.all([
      input.weekly ? ports.reading.getWeeklyMetrics() : ports.reading.getMetrics({ window }),
      input.slow === 0 ? [] : ports.slow({ ...window, functionName, operation, limit: input.slow }),
    ]);
    if (!("thisWeek" in read)) return { metrics: only(read, input), slow };
    return { metrics: only(read.thisWeek, input), slow, lastWeek: read.lastWeek, changes: read.changes };
  };
}

function windowOf({ window = "1h", from, to }: Input) {
  return from === undefined ? window : { fromMs: Date.parse(from), toMs: Date.parse(to!) };
}

/** The lists are of what was asked for; the named numbers are always the whole suite's. */
function only(metrics: Metrics, { function: functionName, operation }: Input): Metrics {
  const isAsked = (one: OperationMetrics) =>
    (functionName === undefined || one.functionName === functionName) &&
    (operation === undefined || one.operation === operation);
  return {
    ...metrics,
    functions: metrics.functions.filter((one) => functionName === undefined || one.functionName === functionName),
    operations: metrics.operations.filter((one) => operation === undefined || one.operation === operation),
    series: metrics.series.filter(isAsked),
  };
}

async function scrape({ reader, facts }: MetricPorts, { window = "5m" }: Input, now: number): Promise<string> {
  const today = { fromMs: now - now % dayMs, toMs: now };
  const [day, recent, counted] = await Promise.all([
    reader.read(today),
    reader.read(spanOf(window, now)),
    facts(today),
  ]);
  return prometheusText({ day, recent, facts: counted });
}

function isSpan(fromMs: number, toMs: number): boolean {
  return fromMs < toMs && toMs - fromMs <= longestMs;
}
