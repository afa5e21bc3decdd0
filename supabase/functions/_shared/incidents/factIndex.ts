import { classifySqlState } from "../db/sqlState.ts";
import { type Burst, findBursts } from "./bursts.ts";
import { codeOf, compareFacts, type Fact } from "./fact.ts";
import { findOutages, isOwnTrip, type Outage } from "./outages.ts";

const contentionCodes = new Set(["40P01", "40001", "55P03"]);
const fullCodes = new Set(["53100", "53200", "25006"]);

/** Facts, and what rules look up among them. Nothing in it depends on the order they were given in. */
export class FactIndex {
  readonly facts: readonly Fact[];
  /** Isolates that several things fail for at once while nobody else has trouble with them. */
  readonly doubtful: ReadonlySet<string>;
  readonly outages: readonly Outage[];
  /** Transactions that got in each other's way. */
  readonly contentions: readonly Burst[];
  /** The database was away or full. */
  readonly databaseBursts: readonly Burst[];
  readonly isolates: ReadonlySet<string>;
  readonly #byRef: ReadonlyMap<string, readonly Fact[]>;
  readonly #byRequest: ReadonlyMap<string, readonly Fact[]>;
  readonly #byKind: ReadonlyMap<string, readonly Fact[]>;
  readonly #burstOf = new Map<Fact, Burst>();
  readonly #outageOf = new Map<Fact, Outage>();

  constructor(facts: readonly Fact[]) {
    this.facts = [...facts].sort(compareFacts);
    this.#byKind = Map.groupBy(this.facts, ({ kind }) => kind);
    this.#byRef = Map.groupBy(this.facts.filter(({ ref }) => ref !== undefined), ({ ref }) => ref!);
    this.#byRequest = byEachRequest(this.facts);
    this.isolates = new Set(this.facts.flatMap(({ isolate }) => isolate ?? []));
    this.doubtful = findDoubtful(this.facts);
    this.outages = findOutages(this.facts, (isolate) => this.doubtful.has(isolate));
    this.contentions = findBursts(this.facts.filter((fact) => contentionCodes.has(codeOf(fact) ?? "")), {
      gapMs: 60_000,
      codeOf,
      // A transaction does not say which tables it was about: its function is the next best.
      keyOf: ({ subject, functionName }) => subject === "transaction" ? `${subject} of ${functionName}` : subject,
    });
    this.databaseBursts = findBursts(this.facts.filter(isDatabaseTrouble), {
      gapMs: 300_000,
      codeOf,
      // What a doubtful isolate says of the database says nothing of the database.
      keyOf: ({ isolate }) => isolate !== undefined && this.doubtful.has(isolate) ? isolate : "",
    });
    for (const burst of [...this.contentions, ...this.databaseBursts]) {
      for (const fact of burst.facts) this.#burstOf.set(fact, burst);
    }
    for (const outage of this.outages) {
      for (const trip of outage.stretches.flatMap(({ trips }) => trips)) this.#outageOf.set(trip, outage);
    }
  }

  /** All of that kind, in their order. */
  ofKind(kind: Fact["kind"]): readonly Fact[] {
    return this.#byKind.get(kind) ?? [];
  }

  /** All that others may name so, in their order. */
  withRef(ref: string): readonly Fact[] {
    return this.#byRef.get(ref) ?? [];
  }

  /** All that happened in one of the fact's requests, itself among them. */
  alongside(fact: Fact): readonly Fact[] {
    if (fact.requests.length === 1) return this.#byRequest.get(fact.requests[0]!) ?? [];
    return [...new Set(fact.requests.flatMap((request) => this.#byRequest.get(request) ?? []))].sort(compareFacts);
  }

  /** The burst that the fact is part of. */
  burstOf(fact: Fact): Burst | undefined {
    return this.#burstOf.get(fact);
  }

  /** The outage that the trip is part of. */
  outageOf(trip: Fact): Outage | undefined {
    return this.#outageOf.get(trip);
  }
}

/** Is it trouble that the database itself had: away, full, out of connections? */
export function isDatabaseTrouble(fact: Fact): boolean {
  const code = codeOf(fact);
  if (code === undefined) return fact.kind === "trip" && fact.subject === "database";
  const kind = classifySqlState(code);
  // A socket's codes may be any dependency's: they speak of the database where a statement or its circuit told them.
  const isServers = /^[0-9A-Z]{5}$/.test(code) || /^PGRST/.test(code);
  if (fact.cause?.startsWith("error:") && !isServers && fact.subject !== "database") return false;
  return kind === "connection_lost" || kind === "never_ran" || fullCodes.has(code);
}

function byEachRequest(facts: readonly Fact[]): Map<string, Fact[]> {
  const found = new Map<string, Fact[]>();
  for (const fact of facts) {
    for (const request of fact.requests) {
      const others = found.get(request);
      if (others === undefined) found.set(request, [fact]);
      else others.push(fact);
    }
  }
  return found;
}

/** Isolates that said so themselves, and isolates whose circuits opened for two things that stayed closed for all others. */
function findDoubtful(facts: readonly Fact[]): Set<string> {
  const doubtful = new Set<string>();
  const alone = new Map<string, Set<string>>();
  const trips = facts.filter(({ kind }) => kind === "trip");
  const told = facts.filter(({ kind, detail }) => kind === "doubt" || detail.isDoubtful === true);
  for (const { isolate } of told) if (isolate !== undefined) doubtful.add(isolate);
  for (const trip of trips.filter(isOwnTrip)) {
    const isShared = trips.some((other) =>
      other.subject === trip.subject && (!isOwnTrip(other) || other.isolate !== trip.isolate) &&
      Math.abs(other.atMs - trip.atMs) <= 120_000
    );
    if (isShared) continue;
    const circuits = alone.get(trip.isolate!) ?? new Set<string>();
    alone.set(trip.isolate!, circuits.add(trip.subject));
  }
  for (const [isolate, circuits] of alone) if (circuits.size >= 2) doubtful.add(isolate);
  return doubtful;
}
