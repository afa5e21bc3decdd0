import type { Inference } from "../blame.ts";
import { beginningOf } from "./beginningOf.ts";

/** The first trip of an outage is blamed on what its circuit stands before, or on the isolate that is alone with it. */
export const tripByDependency: Inference = {
  rule: "first trip of an outage",
  says:
    "A circuit opened. Where the fleet or several isolates say so, what it stands before failed; where one isolate says so and the others go on calling, it is that isolate.",
  infer(fact, index) {
    if (fact.kind !== "trip" || fact.subject === "database") return undefined;
    const outage = index.outageOf(fact);
    return outage === undefined ? undefined : beginningOf(outage, index);
  },
};
