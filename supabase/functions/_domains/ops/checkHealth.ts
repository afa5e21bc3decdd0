import * as z from "zod";
import { AppError } from "../../_shared/errors/appError.ts";
import type { RequestContext } from "../../_shared/http/context.ts";
import { basicChecks } from "./health/basicChecks.ts";
import { deepChecks } from "./health/deepChecks.ts";
import type { OpenHealthPorts } from "./health/healthPorts.ts";
import { type HealthReport, healthReport, withoutDetails } from "./health/healthReport.ts";
import { runHealthChecks } from "./health/runHealthChecks.ts";
import { SharedRun } from "./health/sharedRun.ts";

/** The query of ops-health. */
export const CheckHealthInput = z.strictObject({
  /** Look at more: access rules, a write, jobs, queues, extensions. */
  deep: z.union([z.boolean(), z.stringbool()]).default(false),
}).prefault({});

/** The answer of ops-health while nothing critical has failed. */
export const CheckHealthOutput = healthReport;

/**
 * Says whether the suite works; throws `unhealthy` with the same report where a critical check failed. Anyone may ask,
 * so the runs are shared: one at a time and at most one a second in an isolate, of each depth.
 */
export function checkHealth(open: OpenHealthPorts) {
  let runs: { basic: SharedRun<HealthReport>; deep: SharedRun<HealthReport> } | undefined;
  return async (
    { deep }: z.output<typeof CheckHealthInput>,
    ctx: Pick<RequestContext, "caller" | "clock">,
  ): Promise<HealthReport> => {
    runs ??= { basic: new SharedRun({ clock: ctx.clock }), deep: new SharedRun({ clock: ctx.clock }) };
    const report = await (deep ? runs.deep : runs.basic).get(() => {
      const ports = open(ctx);
      return runHealthChecks([...basicChecks(ports), ...(deep ? deepChecks(ports) : [])], { clock: ctx.clock });
    });
    const shown = ctx.caller.kind === "secret" ? report : withoutDetails(report);
    if (report.status !== "fail") return shown;
    const failed = Object.keys(report.checks).filter((name) => report.checks[name]?.status === "fail");
    throw new AppError("unhealthy", `Cannot vouch for the suite as checks failed: ${failed.join(", ")}`, {
      details: shown,
    });
  };
}
