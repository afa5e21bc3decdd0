import type { FactIndex } from "../factIndex.ts";
import { isOwnTrip } from "../outages.ts";
import type { Origin } from "../origin.ts";

/** An isolate as the beginning of an incident: what it failed on while others did not. */
export function illIsolate(isolate: string, index: FactIndex): Origin {
  const trips = index.ofKind("trip").filter((trip) => trip.isolate === isolate);
  const doubts = index.ofKind("doubt").filter((doubt) => doubt.isolate === isolate);
  const circuits = [...new Set([...trips, ...doubts].map(({ subject }) => subject))].sort();
  const others = [...index.isolates].filter((other) => other !== isolate);
  const kin = index.ofKind("trip").filter((trip) => circuits.includes(trip.subject) && isOwnTrip(trip));
  const alike = new Set(kin.map((trip) => trip.isolate).filter((other) => other !== isolate)).size;
  const failing = circuits.length === 0 ? "calls failed in it" : `${circuits.join(", ")} failed in it`;
  const alone = others.length === 0
    ? "no other isolate was heard of"
    : `so it did in ${alike === 0 ? "none" : alike} of ${others.length} others that were heard of`;
  return { kind: "isolate", key: `isolate:${isolate}`, subject: isolate, evidence: `${failing}; ${alone}` };
}
