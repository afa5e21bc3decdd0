import { compareFacts, type Fact } from "./fact.ts";

/** Facts of one sort, close to each other in time. */
export interface Burst {
  readonly facts: readonly Fact[];
  readonly fromMs: number;
  readonly untilMs: number;
  readonly occurrences: number;
  readonly isolates: readonly string[];
  readonly subjects: readonly string[];
  /** The codes they were blamed on, the most frequent first. */
  readonly codes: readonly string[];
}

/** Splits facts where nothing happened for longer than `gapMs`, and joins stretches that share a request. */
export function findBursts(
  facts: readonly Fact[],
  options: { gapMs: number; codeOf: (fact: Fact) => string | undefined; keyOf?: (fact: Fact) => string },
): Burst[] {
  const { gapMs, codeOf, keyOf = () => "" } = options;
  const byKey = Map.groupBy([...facts].sort(compareFacts), keyOf);
  const pieces = [...byKey].sort(([one], [other]) => one < other ? -1 : 1).flatMap(([, group]) => split(group, gapMs));
  return joinByRequest(pieces).map((piece) => burstOf(piece.sort(compareFacts), codeOf))
    .sort((one, other) => compareFacts(one.facts[0]!, other.facts[0]!));
}

function split(facts: readonly Fact[], gapMs: number): Fact[][] {
  const pieces: Fact[][] = [];
  let untilMs = -Infinity;
  for (const fact of facts) {
    if (pieces.length === 0 || fact.atMs > untilMs + gapMs) pieces.push([]);
    pieces.at(-1)!.push(fact);
    untilMs = Math.max(untilMs, fact.untilMs);
  }
  return pieces;
}

function joinByRequest(pieces: readonly Fact[][]): Fact[][] {
  let joined: { facts: Fact[]; requests: Set<string> }[] = [];
  for (const facts of pieces) {
    const requests = new Set(facts.flatMap((fact) => fact.requests));
    const kin = joined.filter((other) => !other.requests.isDisjointFrom(requests));
    joined = joined.filter((other) => !kin.includes(other));
    joined.push({
      facts: [...kin.flatMap((other) => other.facts), ...facts],
      requests: new Set([...kin.flatMap((other) => [...other.requests]), ...requests]),
    });
  }
  return joined.map(({ facts }) => facts);
}

function burstOf(facts: readonly Fact[], codeOf: (fact: Fact) => string | undefined): Burst {
  const codes = new Map<string, number>();
  for (const fact of facts) {
    const code = codeOf(fact);
    if (code !== undefined) codes.set(code, (codes.get(code) ?? 0) + fact.occurrences);
  }
  return {
    facts,
    fromMs: facts[0]!.atMs,
    untilMs: Math.max(...facts.map((fact) => fact.untilMs)),
    occurrences: facts.reduce((sum, fact) => sum + fact.occurrences, 0),
    isolates: [...new Set(facts.flatMap(({ isolate }) => isolate ?? []))].sort(),
    subjects: [...new Set(facts.map(({ subject }) => subject))].sort(),
    codes: [...codes].sort(([one, a], [other, b]) => b - a || (one < other ? -1 : 1)).map(([code]) => code),
  };
}
