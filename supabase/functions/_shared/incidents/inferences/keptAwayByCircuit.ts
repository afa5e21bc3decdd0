import { type Inference, onFact } from "../blame.ts";
import { clockSkewMs, type Fact } from "../fact.ts";
import type { FactIndex } from "../factIndex.ts";
import type { Stretch } from "../outages.ts";

const kinds = new Set<Fact["kind"]>(["shed", "fallback"]);

/** A call that was turned away or answered by a fallback is blamed on the trip of that circuit in force then. */
export const keptAwayByCircuit: Inference = {
  rule: "circuit was open",
  says: "A call was turned away, or answered by its fallback, while the circuit of that name was open.",
  infer: (fact, index) => kinds.has(fact.kind) ? onFact(tripInForce(fact, index), 0.9) : undefined,
};

/** The newest trip of the circuit with the fact's subject that was in force for its isolate when it happened. */
export function tripInForce(fact: Fact, index: FactIndex): Fact | undefined {
  const stretches = index.outages.filter(({ circuit }) => circuit === fact.subject)
    .flatMap((outage) => outage.stretches)
    .filter(({ isolate }) => isolate === undefined || isolate === fact.isolate)
    .filter((stretch) => stretch.fromMs <= fact.untilMs + clockSkewMs && fact.atMs <= stretch.untilMs + clockSkewMs);
  const newestTrip = (stretch: Stretch | undefined) =>
    stretch?.trips.filter(({ atMs }) => atMs <= fact.untilMs + clockSkewMs).at(-1);
  return newestTrip(stretches.find(({ isolate }) => isolate !== undefined)) ?? newestTrip(stretches.at(-1));
}
