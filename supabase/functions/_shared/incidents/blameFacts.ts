import type { Blame, Inference } from "./blame.ts";
import { type Fact, precedes } from "./fact.ts";
import { FactIndex } from "./factIndex.ts";
import { inferences } from "./inferences/inferences.ts";

/** Each fact and what it is blamed on; where no rule knows, nothing. Following the blame never leads in a circle. */
export type Blames = ReadonlyMap<Fact, Blame | undefined>;

/** A failure that nothing explains is taken for one of its neighbours' when at least this share of them has one cause. */
const neighbourShare = 0.5;

/** Finds what each fact is to be blamed on. The same facts give the same answer in whichever order they come. */
export function blameFacts(facts: readonly Fact[], rules: readonly Inference[] = inferences): Blames {
  const index = new FactIndex(facts);
  const blames = new Map<Fact, Blame | undefined>();
  for (const fact of index.facts) {
    const found = rules.flatMap((rule): Blame[] => {
      const blame = rule.infer(fact, index);
      return blame === undefined ? [] : [{ ...blame, rule: rule.rule }];
    });
    found.sort((one, other) => other.confidence - one.confidence);
    blames.set(fact, found.find((blame) => mayBlame(fact, blame, blames)));
  }
  blameNeighbours(index, blames);
  return blames;
}

function mayBlame(fact: Fact, { on }: Blame, blames: Blames): boolean {
  if (!("fact" in on)) return true;
  if (!precedes(on.fact, fact)) return false;
  for (let at: Fact | undefined = on.fact; at !== undefined; at = blamedFact(at, blames)) if (at === fact) return false;
  return true;
}

function blamedFact(fact: Fact, blames: Blames): Fact | undefined {
  const on = blames.get(fact)?.on;
  return on !== undefined && "fact" in on ? on.fact : undefined;
}

/** What most of a function's failures around have been traced to explains the others: each failed a little differently. */
function blameNeighbours(index: FactIndex, blames: Map<Fact, Blame | undefined>): void {
  const failures = Map.groupBy(index.ofKind("failure"), ({ functionName }) => functionName ?? "");
  for (const group of failures.values()) {
    const known = group.filter((fact) => blames.get(fact) !== undefined);
    for (const fact of group.filter((other) => blames.get(other) === undefined)) {
      const near = known.filter((other) => Math.abs(other.atMs - fact.atMs) <= 60_000);
      const byCause = Map.groupBy(near, (other) => causeKey(blames.get(other)!));
      const [largest = []] = [...byCause.values()].sort((one, other) => other.length - one.length);
      const all = group.filter((other) => Math.abs(other.atMs - fact.atMs) <= 60_000).length;
      if (largest.length < 2 || largest.length < neighbourShare * all) continue;
      const blame: Blame = { ...blames.get(largest[0]!)!, rule: "its neighbours' cause", confidence: 0.4 };
      if (mayBlame(fact, blame, blames)) blames.set(fact, blame);
    }
  }
}

function causeKey({ on }: Blame): string {
  return "fact" in on ? `${on.fact.kind} ${on.fact.subject}` : on.origin.key;
}
