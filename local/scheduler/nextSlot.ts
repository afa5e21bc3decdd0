import { Cron } from "croner";

/**
 * The first moment after `afterMs` that a five-field cron expression in UTC names, in milliseconds since the epoch;
 * undefined where there is none, like 31 February. Throws for what is not such an expression.
 */
export function nextSlot(expression: string, afterMs: number): number | undefined {
  const cron = new Cron(expression, { paused: true, timezone: "UTC", mode: "5-part" });
  return cron.nextRun(new Date(afterMs))?.getTime();
}
