import type { CheckFinding } from "./healthReport.ts";

/** When a call to the database left and came back, by this isolate's clock, and what time the database had meanwhile. */
export interface ClockReading {
  readonly sentAtMs: number;
  readonly receivedAtMs: number;
  readonly databaseMs: number;
}

const warnAboveMs = 1_000;
const failAboveMs = 30_000;

/**
 * How far this isolate's clock is ahead of the database's. The database read its clock somewhere between sending and
 * receiving: halfway is the best guess and half the round trip the error, so only what is beyond it counts as skew.
 * Tokens are judged by the isolate's clock: half a minute of skew refuses fresh ones and takes expired ones.
 */
export function clockFinding({ sentAtMs, receivedAtMs, databaseMs }: ClockReading): CheckFinding {
  const offsetMs = (sentAtMs + receivedAtMs) / 2 - databaseMs;
  const uncertaintyMs = (receivedAtMs - sentAtMs) / 2;
  const certainMs = Math.max(0, Math.abs(offsetMs) - uncertaintyMs);
  const status = certainMs > failAboveMs ? "fail" : certainMs > warnAboveMs ? "warn" : "pass";
  return {
    status,
    observedValue: Math.round(offsetMs),
    observedUnit: "ms",
    ...(status === "pass" ? {} : { output: "The clocks of this isolate and of the database differ" }),
    details: { uncertaintyMs: Math.round(uncertaintyMs) },
  };
}
