import { causeOfCode } from "../../telemetry/causeOf.ts";
import type { KernelHub } from "../../telemetry/kernelHub.ts";

/** Tells that a statement, or a transaction, is tried again after a wait. */
export function tellRetry(
  hub: KernelHub,
  { subject, code, attempt, waitMs }: { subject: string; code: string | undefined; attempt: number; waitMs: number },
): void {
  if (!hub.isWatched) return;
  hub.counted("db.retried");
  hub.happened({ kind: "retry", subject, cause: causeOfCode(code), costMs: waitMs, detail: { attempt, waitMs } });
}
