import type { FactIndex } from "../factIndex.ts";
import type { Origin } from "../origin.ts";

/** An isolate as the beginning of an incident: what it failed on while others did not. */
export function illIsolate(isolate: string, index: FactIndex): Origin {
  const trips = index.ofKind("trip").filter((trip) => trip.isolate === isolate);
  const doubts = index.ofKind("doubt").filter((doubt) => doubt.isolate === isolate);
  const circuits = [...new Set([...trips, ...doubts].map(({ subject }) => subject))].sort();
  const others = [...index.isolates].filter((other) => other !== isolate).length;
  const failing = circuits.length === 0 ? "calls failed in it" : `${circuits.join(", ")} failed in it`;
  const alone = others === 0 ? "no other isolate is known" : `none of ${others} other isolates had that trouble`;
  return { kind: "isolate", key: `isolate:${isolate}`, subject: isolate, evidence: `${failing}; ${alone}` };
}
