import * as z from "zod";

/** How a check went, in the words of the health+json draft. */
export const healthStatus = z.enum(["pass", "warn", "fail"]);

/** How a check went. */
export type HealthStatus = z.infer<typeof healthStatus>;

/** What a check found. */
export const checkFinding = z.object({
  status: healthStatus,
  /** The figure the verdict rests on. */
  observedValue: z.union([z.string(), z.number()]).optional(),
  observedUnit: z.string().optional(),
  /** Why it is not a pass, fit for anyone's eyes. */
  output: z.string().optional(),
  /** What an operator wants to know: shown to holders of the secret key alone. */
  details: z.record(z.string(), z.unknown()).optional(),
});

/** What a check found. */
export type CheckFinding = z.infer<typeof checkFinding>;

/** The answer of ops-health, in the spirit of `application/health+json`. */
export const healthReport = z.object({
  status: healthStatus,
  /** Of Ballast. */
  version: z.string(),
  checkedAt: z.iso.datetime(),
  checks: z.record(z.string(), checkFinding),
});

/** The answer of ops-health. */
export type HealthReport = z.infer<typeof healthReport>;

/** The report as anyone may see it: verdicts and figures, no details. */
export function withoutDetails(report: HealthReport): HealthReport {
  const checks = Object.entries(report.checks).map(([name, { details: _, ...finding }]) => [name, finding]);
  return { ...report, checks: Object.fromEntries(checks) };
}
