import type { CheckFinding } from "./healthReport.ts";

/** One thing that ops-health looks at. */
export interface HealthCheck {
  readonly name: string;
  /** Does the suite not work without it? A critical check that throws or takes too long fails, any other one warns. */
  readonly isCritical: boolean;
  run(): Promise<CheckFinding> | CheckFinding;
}
