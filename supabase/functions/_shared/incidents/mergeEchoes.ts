import { type Fact, isLedgers } from "./fact.ts";

/** What is left of facts once those told twice are one, and how often something was told that a ledger knows. */
export interface MergedFacts {
  readonly facts: readonly Fact[];
  readonly echoes: number;
}

/** How far an isolate's clock and the database's may be apart for both to mean the same. */
const apartMs = 10_000;

const withoutRef = new Set<Fact["kind"]>(["rescue", "dead_letter", "heal", "recovery"]);

/**
 * Heals, rescues, dead letters, trips and changes of the schema are told by isolates and kept in ledgers. The ledger's word
 * counts; what only the isolate knows (itself, its function, what failed last, how long somebody waited) is added to it.
 */
export function mergeEchoes(facts: readonly Fact[]): MergedFacts {
  const kept = new Map<string, Fact>(facts.filter(isLedgers).map((fact) => [fact.id, fact]));
  const byRef = Map.groupBy(kept.values(), ({ kind, ref }) => `${kind} ${ref}`);
  const bySubject = Map.groupBy(kept.values(), ({ kind, subject }) => `${kind} ${subject}`);
  const told: Fact[] = [];
  let echoes = 0;
  for (const fact of facts.filter((other) => !isLedgers(other)).sort((a, b) => a.id < b.id ? -1 : 1)) {
    const named = fact.ref === undefined || fact.detail.scope === "isolate"
      ? []
      : byRef.get(`${fact.kind} ${fact.ref}`) ?? [];
    const alike = withoutRef.has(fact.kind) && fact.detail.scope !== "isolate"
      ? (bySubject.get(`${fact.kind} ${fact.subject}`) ?? []).filter((ledger) => isSame(ledger, fact))
      : [];
    const [same] = named.length > 0 ? named.sort((a, b) => a.id < b.id ? -1 : 1) : alike;
    if (same === undefined) told.push(fact);
    else {
      echoes += fact.occurrences;
      kept.set(same.id, enriched(kept.get(same.id)!, fact));
    }
  }
  return { facts: [...kept.values(), ...told], echoes };
}

function isSame(ledger: Fact, told: Fact): boolean {
  const isNear = told.atMs <= ledger.untilMs + apartMs && ledger.atMs <= told.untilMs + apartMs;
  const isAnyone = ledger.requests.length === 0 || told.requests.length === 0 ||
    told.requestCount > told.requests.length ||
    ledger.requestCount > ledger.requests.length;
  return isNear && (isAnyone || ledger.requests.some((request) => told.requests.includes(request)));
}

function enriched(ledger: Fact, told: Fact): Fact {
  const requests = [...new Set([...ledger.requests, ...told.requests])];
  const { isolate = told.isolate, functionName = told.functionName, cause = told.cause } = ledger;
  return {
    ...ledger,
    ...(isolate === undefined ? {} : { isolate }),
    ...(functionName === undefined ? {} : { functionName }),
    ...(cause === undefined ? {} : { cause }),
    requests,
    requestCount: Math.max(ledger.requestCount, told.requestCount, requests.length),
    // Both measured the same: what the ledger has counts.
    costMs: Math.max(ledger.costMs, told.costMs),
    detail: { ...told.detail, ...ledger.detail },
  };
}
