import { sqlStateOf } from "../../../_shared/db/sqlState.ts";
import { ballastVersion } from "../../../_shared/platform/version.ts";
import type { Clock } from "../../../_shared/time/clock.ts";
import { timeLimit, TimeLimitError } from "../../../_shared/time/timeLimit.ts";
import type { HealthCheck } from "./healthCheck.ts";
import type { CheckFinding, HealthReport, HealthStatus } from "./healthReport.ts";

/** Options of {@link runHealthChecks}. */
export interface RunHealthChecksOptions {
  readonly clock: Clock;
  /** How long each check may take; all run side by side. @default 1_500 */
  readonly limitMs?: number;
}

/** Runs all checks side by side and sums them up. Never rejects: a check that cannot run is a finding, too. */
export async function runHealthChecks(
  checks: readonly HealthCheck[],
  options: RunHealthChecksOptions,
): Promise<HealthReport> {
  const { clock, limitMs = 1_500 } = options;
  const checkedAt = new Date(clock.now()).toISOString();
  const findings = await Promise.all(checks.map((check) => runCheck(check, limitMs, clock)));
  return {
    status: worstOf(findings.map(({ status }) => status)),
    version: ballastVersion,
    checkedAt,
    checks: Object.fromEntries(checks.map(({ name }, index) => [name, findings[index] as CheckFinding])),
  };
}

async function runCheck(check: HealthCheck, limitMs: number, clock: Clock): Promise<CheckFinding> {
  try {
    return await timeLimit((async () => await check.run())(), limitMs, clock);
  } catch (error) {
    const status = check.isCritical ? "fail" : "warn";
    if (error instanceof TimeLimitError) return { status, output: `No answer within ${limitMs} ms` };
    // Codes are looked up by an operator; messages of drivers are nobody's business.
    return { status, output: "The check could not be made", details: { code: sqlStateOf(error) ?? "unknown" } };
  }
}

function worstOf(statuses: readonly HealthStatus[]): HealthStatus {
  return statuses.includes("fail") ? "fail" : statuses.includes("warn") ? "warn" : "pass";
}
