import type { Chain } from "./chain.ts";
import type { Fact } from "./fact.ts";
import type { CauseNode } from "./incident.ts";
import type { Origin } from "./origin.ts";

/** How large a tree may become; what is beyond is counted. */
export interface TreeBounds {
  /** Lines under one line. @default 12 */
  readonly widest?: number;
  /** @default 8 */
  readonly deepest?: number;
}

/** The tree of a chain: facts of one kind, subject, cause and rule are one line. */
export function causeTree(chain: Chain, bounds: TreeBounds = {}): CauseNode {
  const { widest = 12, deepest = 8 } = bounds;
  const sizes = new Map<Fact, number>();
  const sizeOf = (fact: Fact): number => {
    const known = sizes.get(fact);
    if (known !== undefined) return known;
    const size = fact.occurrences + chain.effectsOf(fact).reduce((sum, effect) => sum + sizeOf(effect), 0);
    sizes.set(fact, size);
    return size;
  };
  const sum = (facts: readonly Fact[]) => facts.reduce((total, fact) => total + sizeOf(fact), 0);

  const grow = (facts: readonly Fact[], depth: number): CauseNode => {
    const under = facts.flatMap(chain.effectsOf);
    return { ...lineOf(facts, chain), ...branch(under, depth) };
  };
  const branch = (under: readonly Fact[], depth: number): Pick<CauseNode, "effects" | "more"> => {
    if (under.length === 0) return { effects: [] };
    if (depth >= deepest) return { effects: [], more: sum(under) };
    const groups = [...Map.groupBy(under, (fact) => lineKey(fact, chain)).values()];
    const shown = groups.length <= widest ? groups : groups.toSorted((a, b) => sum(b) - sum(a)).slice(0, widest);
    const more = groups.filter((group) => !shown.includes(group)).reduce((total, group) => total + sum(group), 0);
    const effects = shown.sort((one, other) => fromOf(one) - fromOf(other)).map((group) => grow(group, depth + 1));
    return { effects, ...(more === 0 ? {} : { more }) };
  };
  return "fact" in chain.root ? grow([chain.root.fact], 0) : originNode(chain.root.origin, chain, branch);
}

function originNode(
  origin: Origin,
  chain: Chain,
  branch: (under: readonly Fact[], depth: number) => Pick<CauseNode, "effects" | "more">,
): CauseNode {
  return {
    kind: origin.kind,
    subject: origin.subject,
    count: 0,
    requests: 0,
    ...spanOf(chain.facts),
    costMs: 0,
    detail: origin.evidence,
    ...branch(chain.effectsOf(origin), 0),
  };
}

function lineKey(fact: Fact, chain: Chain): string {
  const { kind, subject, cause = "" } = fact;
  const code = /^(?:sqlstate|error):/.test(cause) ? cause : "";
  return JSON.stringify([kind, subject, code, chain.blameOf(fact)?.rule ?? "", fact.detail.scope ?? ""]);
}

function lineOf(facts: readonly Fact[], chain: Chain): Omit<CauseNode, "effects" | "more"> {
  const blame = chain.blameOf(facts[0]!);
  const count = facts.reduce((total, fact) => total + fact.occurrences, 0);
  return {
    kind: facts[0]!.kind,
    subject: facts[0]!.subject,
    count,
    requests: countRequests(facts),
    ...spanOf(facts),
    costMs: Math.round(facts.reduce((total, fact) => total + fact.costMs, 0)),
    ...(blame === undefined ? {} : {
      rule: blame.rule,
      confidence: Math.min(...facts.map((fact) => chain.blameOf(fact)?.confidence ?? 1)),
    }),
    detail: detailOf(facts),
  };
}

/** Requests that are known by name, or as many as one of them alone was told of: never more than there were. */
export function countRequests(facts: readonly Fact[]): number {
  const named = new Set(facts.flatMap(({ requests }) => requests)).size;
  return Math.max(0, named, ...facts.map(({ requestCount }) => requestCount));
}

/** The stretch of time that facts lie in. */
export function spanOf(facts: readonly Fact[]): { from: string; to: string } {
  const untilMs = facts.reduce((latest, fact) => Math.max(latest, fact.untilMs), -Infinity);
  return { from: new Date(fromOf(facts)).toISOString(), to: new Date(untilMs).toISOString() };
}

function fromOf(facts: readonly Fact[]): number {
  return facts.reduce((earliest, fact) => Math.min(earliest, fact.atMs), Infinity);
}

/** Up to three different sayings of the facts, the code that was met first. */
function detailOf(facts: readonly Fact[]): string {
  const said = new Set(facts.map(sayingOf).filter((saying) => saying !== ""));
  const shown = [...said].sort().slice(0, 3).join("; ");
  return said.size > 3 ? `${shown}; and ${said.size - 3} more` : shown;
}

function sayingOf({ kind, cause, detail, isolate }: Fact): string {
  const code = /^(?:sqlstate|error):(.+)$/.exec(cause ?? "")?.[1] ?? "";
  const { from, to, strategy, reason, says, by } = detail;
  const mapped = typeof from === "string" ? `${from} -> ${to ?? "set aside"}` : "";
  const how = typeof strategy === "string" ? `by ${strategy}` : "";
  const who = kind === "trip" && detail.scope === "isolate" ? `in ${isolate} alone` : "";
  const words = [code, mapped, how, reason, says, by, who].filter((word) => word !== undefined && word !== "");
  return words.join(" ");
}
