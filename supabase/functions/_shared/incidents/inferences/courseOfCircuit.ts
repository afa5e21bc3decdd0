import { type Inference, onFact } from "../blame.ts";
import { compareFacts, type Fact } from "../fact.ts";
import type { FactIndex } from "../factIndex.ts";
import { isOwnTrip } from "../outages.ts";

const turns = new Set<Fact["kind"]>(["way_back", "recovery", "override"]);

/** What becomes of a circuit follows from its trip: probes, the way back, its closing, a person's word, further trips. */
export const courseOfCircuit: Inference = {
  rule: "course of the circuit",
  says: "A probe, a step of the way back, a closing, an override or a further trip follows from the trip before it.",
  infer(fact, index) {
    if (fact.kind === "trip") return onFact(furtherOf(fact, index), 0.95);
    if (!turns.has(fact.kind)) return undefined;
    const trips = index.ofKind("trip").filter((trip) =>
      trip.subject === fact.subject && compareFacts(trip, fact) < 0 &&
      (isOwnTrip(fact) ? isOwnTrip(trip) && trip.isolate === fact.isolate : !isOwnTrip(trip))
    );
    const outage = trips.length === 0 ? undefined : index.outageOf(trips.at(-1)!);
    // What comes after it has closed belongs to no outage any more.
    const isOver = outage !== undefined && fact.atMs > outage.untilMs && fact.kind !== "override";
    return onFact(isOver ? undefined : trips.at(-1), 0.95);
  },
};

/** The first trip of the same outage, unless it is the fact itself. */
function furtherOf(trip: Fact, index: FactIndex): Fact | undefined {
  const first = index.outageOf(trip)?.first;
  return first === undefined || first === trip ? undefined : first;
}
