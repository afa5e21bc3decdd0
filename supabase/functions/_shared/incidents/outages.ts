import { compareFacts, type Fact } from "./fact.ts";

/** A stretch of time in which a circuit was open, of the fleet or of one isolate. */
export interface Stretch {
  readonly circuit: string;
  /** Undefined for the fleet's. */
  readonly isolate: string | undefined;
  readonly fromMs: number;
  /** Infinity where the fleet's was not seen to close. */
  readonly untilMs: number;
  /** In their order. */
  readonly trips: readonly Fact[];
}

/** Stretches of one circuit that belong together: the fleet's and those of its isolates. */
export interface Outage {
  readonly circuit: string;
  readonly stretches: readonly Stretch[];
  /** The first trip of all, which the others follow from. */
  readonly first: Fact;
  readonly isFleetWide: boolean;
  readonly isolates: readonly string[];
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Isolates find out one after another that a dependency is down: as far apart as this it is still one outage. */
const leadMs = 60_000;

/** An isolate whose circuit is not told to have closed has gone: no circuit stays open for longer without a probe. */
const goneMs = 300_000;

/** Is it the circuit of an isolate that opened, not the fleet's? */
export function isOwnTrip(fact: Fact): boolean {
  return fact.detail.scope === "isolate" && fact.isolate !== undefined;
}

/** Finds when circuits were open. `isDoubtful`: what these isolates say of a circuit is an outage of their own. */
export function findOutages(facts: readonly Fact[], isDoubtful: (isolate: string) => boolean): Outage[] {
  const byCircuit = Map.groupBy(stretchesOf(facts), ({ circuit }) => circuit);
  return [...byCircuit].sort(([one], [other]) => one < other ? -1 : 1).flatMap(([, stretches]) => {
    const groups: Stretch[][] = [];
    const sorted = [...stretches].sort((one, other) => compareFacts(one.trips[0]!, other.trips[0]!));
    for (const stretch of sorted) {
      const isAlone = stretch.isolate !== undefined && isDoubtful(stretch.isolate);
      const found = groups.find((group) =>
        group.some((other) =>
          isAlone || (other.isolate !== undefined && isDoubtful(other.isolate))
            ? other.isolate === stretch.isolate && touches(other, stretch)
            : touches(other, stretch)
        )
      );
      if (found === undefined) groups.push([stretch]);
      else found.push(stretch);
    }
    return groups.map(outageOf);
  });
}

function touches(one: Stretch, other: Stretch): boolean {
  // A fleet's circuit that opens again later is a new outage; isolates close to each other, or to the fleet, are the same.
  const slackMs = one.isolate === undefined && other.isolate === undefined ? 0 : leadMs;
  return one.fromMs <= other.untilMs + slackMs && other.fromMs <= one.untilMs + slackMs;
}

function outageOf(stretches: Stretch[]): Outage {
  const trips = stretches.flatMap((stretch) => stretch.trips).sort(compareFacts);
  const isolates = new Set(stretches.flatMap(({ isolate }) => isolate ?? []));
  return {
    circuit: stretches[0]!.circuit,
    stretches,
    first: trips[0]!,
    isFleetWide: stretches.some(({ isolate }) => isolate === undefined),
    isolates: [...isolates].sort(),
    fromMs: trips[0]!.atMs,
    untilMs: Math.max(...stretches.map(({ untilMs }) => untilMs)),
  };
}

function stretchesOf(facts: readonly Fact[]): Stretch[] {
  const turns = facts.filter(({ kind }) => kind === "trip" || kind === "recovery").sort(compareFacts);
  const bySide = Map.groupBy(turns, (fact) => JSON.stringify([fact.subject, isOwnTrip(fact) ? fact.isolate : null]));
  return [...bySide.values()].flatMap((turns) => {
    const stretches: Stretch[] = [];
    let trips: Fact[] = [];
    const end = (untilMs: number) => {
      const [first] = trips;
      if (first === undefined) return;
      const isolate = isOwnTrip(first) ? first.isolate : undefined;
      stretches.push({ circuit: first.subject, isolate, fromMs: first.atMs, untilMs, trips });
      trips = [];
    };
    for (const turn of turns) {
      if (turn.kind === "trip") trips.push(turn);
      else end(turn.untilMs);
    }
    // An isolate that is gone closes nothing any more.
    const [first, last] = [trips[0], trips.at(-1)];
    end(first !== undefined && isOwnTrip(first) ? last!.untilMs + goneMs : Infinity);
    return stretches;
  });
}
