import { type Inference, onFact } from "../blame.ts";
import { clockSkewMs, codeOf, type Fact } from "../fact.ts";
import type { FactIndex } from "../factIndex.ts";
import type { Outage, Stretch } from "../outages.ts";
import { beginningOf } from "./beginningOf.ts";

const kinds = new Set<Fact["kind"]>(["shed", "fallback", "ai_call"]);
/** What fails this shortly before a circuit opens is why it opens. */
const leadMs = 60_000;

/** A call that was kept away is blamed on the trip in force then; one that failed, on what the circuit stands before. */
export const keptAwayByCircuit: Inference = {
  rule: "circuit was open",
  says:
    "A call was turned away, or answered by its fallback, while the circuit of that name was open; or it failed then, or shortly before.",
  infer(fact, index) {
    if (!kinds.has(fact.kind) || fact.detail.outcome === "answered") return undefined;
    const [outage, stretch] = findStretch(fact, index);
    if (outage === undefined) return undefined;
    const trip = stretch?.trips.filter(({ atMs }) => atMs <= fact.atMs).at(-1);
    const hasFailed = fact.kind === "ai_call" || codeOf(fact) !== undefined;
    return trip === undefined || hasFailed ? withConfidence(beginningOf(outage, index), 0.8) : onFact(trip, 0.9);
  },
};

function withConfidence(blame: ReturnType<typeof beginningOf>, most: number): ReturnType<typeof beginningOf> {
  return blame && { ...blame, confidence: Math.min(blame.confidence, most) };
}

/** The stretch of the fact's isolate that it lies in or shortly before, or else the newest of the fleet's. */
function findStretch(fact: Fact, index: FactIndex): [Outage, Stretch] | [] {
  const near = index.outages.filter(({ circuit }) => circuit === fact.subject).flatMap((outage) =>
    outage.stretches.map((stretch): [Outage, Stretch] => [outage, stretch])
  ).filter(([, { isolate, fromMs, untilMs }]) =>
    (isolate === undefined || isolate === fact.isolate) && fromMs <= fact.untilMs + leadMs &&
    fact.atMs <= untilMs + clockSkewMs
  );
  const under = near.filter(([, { fromMs }]) => fromMs <= fact.atMs);
  const best = under.length > 0 ? under : near.slice(0, 1);
  return best.find(([, { isolate }]) => isolate !== undefined) ?? best.at(-1) ?? [];
}
