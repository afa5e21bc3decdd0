import type { IncidentCost } from "../incident.ts";
import { counted, many, span } from "./words.ts";

/** What an incident cost, in one line: what came to nothing is not mentioned. */
export function costText(cost: IncidentCost): string {
  const parts = [
    cost.waitedMs > 0 ? `${span(cost.waitedMs)} waited` : "",
    counted(cost.failures, "failure"),
    counted(cost.deadLetters, "dead letter"),
    counted(cost.rescuedFields, "field set aside", "fields set aside"),
    counted(cost.sheds, "shed"),
    counted(cost.fallbacks, "fallback"),
    counted(cost.retries, "retry", "retries"),
    counted(cost.heals, "heal"),
    cost.aiCalls === 0
      ? ""
      : `${many(cost.aiCalls, "call")} of models (${many(cost.aiTokens, "token")}, $${
        (cost.aiMicroUsd / 1e6).toFixed(4)
      })`,
  ].filter((part) => part !== "");
  return parts.length === 0 ? "nothing that was measured" : parts.join(", ");
}
