import { type Inference, onOrigin } from "../blame.ts";
import type { Burst } from "../bursts.ts";
import type { FactIndex } from "../factIndex.ts";
import type { Origin } from "../origin.ts";
import { illIsolate } from "./illIsolate.ts";

/** Lost connections, refused ones and a full disk are blamed on the database, or on the one isolate that has them. */
export const databaseOutage: Inference = {
  rule: "database away",
  says:
    "57P01, class 08, 53300 and their kin, no more than five minutes apart, are one outage of the database; those of an isolate that doubts itself are that isolate's.",
  infer(fact, index) {
    const burst = index.burstOf(fact);
    if (burst === undefined || !index.databaseBursts.includes(burst)) return undefined;
    const [isolate] = burst.isolates;
    if (isolate !== undefined && burst.isolates.length === 1 && index.doubtful.has(isolate)) {
      return onOrigin(illIsolate(isolate, index), 0.85);
    }
    return onOrigin(outageOf(burst, index), 0.9);
  },
};

function outageOf(burst: Burst, index: FactIndex): Origin {
  const isFull = burst.codes.some((code) => code === "53100" || code === "25006");
  const isolates = burst.isolates.length === 0 ? "" : ` in ${burst.isolates.length} of ${index.isolates.size} isolates`;
  const codes = burst.codes.length === 0 ? "its circuit opened" : burst.codes.slice(0, 5).join(", ");
  return {
    kind: "database",
    key: `database:${burst.facts[0]!.id}`,
    subject: isFull ? "the database's disk was full" : "the database could not be reached",
    evidence: `${burst.occurrences} x ${codes}${isolates}`,
  };
}
