import type { Blame } from "../blame.ts";
import { onOrigin } from "../blame.ts";
import { codeOf } from "../fact.ts";
import type { FactIndex } from "../factIndex.ts";
import type { Origin } from "../origin.ts";
import { isOwnTrip, type Outage } from "../outages.ts";
import { illIsolate } from "./illIsolate.ts";

/**
 * What an outage began with: what the circuit stands before, where the fleet or several isolates say so; the isolate, where
 * one says so and the others go on calling; nothing, where nobody said what failed.
 */
export function beginningOf(outage: Outage, index: FactIndex): Pick<Blame, "on" | "confidence"> | undefined {
  const isAlone = !outage.isFleetWide && outage.isolates.length === 1;
  const { isolate } = outage.first;
  if (isAlone && isOwnTrip(outage.first) && isolate !== undefined) {
    if (index.doubtful.has(isolate)) return onOrigin(illIsolate(isolate, index), 0.9);
    // One circuit of one isolate: that is all there is to say while nobody else is known to call.
    if (index.isolates.size > 1) return onOrigin(illIsolate(isolate, index), 0.5);
  }
  return onOrigin(dependencyOf(outage), outage.isFleetWide ? 0.9 : 0.7);
}

const isolates = (count: number) => `${count} ${count === 1 ? "isolate" : "isolates"}`;

function dependencyOf(outage: Outage): Origin | undefined {
  const trips = outage.stretches.flatMap((stretch) => stretch.trips);
  const codes = [...new Set(trips.flatMap((trip) => codeOf(trip) ?? []))].sort();
  const reasons = [...new Set(trips.flatMap(({ detail }) => detail.reason ?? []))].map(String).sort();
  const votes = trips.find(({ detail }) => typeof detail.voters === "number")?.detail;
  const evidence = [
    ...(votes === undefined
      ? []
      : [`${votes.failures} of ${votes.calls} calls failed in ${isolates(Number(votes.voters))}`]),
    ...(outage.isolates.length === 0 ? [] : [`opened on their own in ${isolates(outage.isolates.length)}`]),
    ...(codes.length === 0 ? [] : [`failing with ${codes.slice(0, 5).join(", ")}`]),
    ...(reasons.length === 0 || votes !== undefined ? [] : [`circuit: ${reasons[0]}`]),
  ];
  if (evidence.length === 0) return undefined;
  const { circuit, first } = outage;
  return {
    kind: "dependency",
    key: `dependency:${circuit}:${first.id}`,
    subject: circuit,
    evidence: evidence.join("; "),
  };
}
