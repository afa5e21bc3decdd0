import type { Blame } from "./blame.ts";
import type { Blames } from "./blameFacts.ts";
import { compareFacts, type Fact } from "./fact.ts";
import type { Origin } from "./origin.ts";

/** A beginning and everything that is blamed on it, directly or through others. */
export interface Chain {
  readonly root: { readonly fact: Fact } | { readonly origin: Origin };
  /** In their order; the root among them where it is one. */
  readonly facts: readonly Fact[];
  readonly blameOf: (fact: Fact) => Blame | undefined;
  readonly effectsOf: (cause: Fact | Origin) => readonly Fact[];
}

/** These hurt nobody by themselves: they begin an incident only where something worse is blamed on them. */
const harmless = new Set<Fact["kind"]>([
  "schema_change",
  "tune",
  "invalidation",
  "way_back",
  "recovery",
  "override",
  "ai_call",
  "replay",
  "undo",
  "doubt",
]);

/** Is any of the facts worth telling a person of? */
export function isQuiet({ facts }: Pick<Chain, "facts">): boolean {
  return facts.every(({ kind }) => harmless.has(kind));
}

/** Takes facts apart into chains: each fact is in exactly one. What is blamed on nothing begins with the unknown, by kind and subject. */
export function findChains(blames: Blames): Chain[] {
  const origins = new Map<string, Origin>();
  const effects = new Map<Fact | string, Fact[]>();
  const rootOf = new Map<Fact, Fact | string>();
  const add = (cause: Fact | string, fact: Fact) => {
    const known = effects.get(cause);
    if (known === undefined) effects.set(cause, [fact]);
    else known.push(fact);
  };
  for (const [fact, blame] of blames) {
    if (blame === undefined) {
      const origin = harmless.has(fact.kind) ? undefined : unknownOf(fact);
      if (origin !== undefined) add(keep(origins, origin), fact);
      rootOf.set(fact, origin?.key ?? fact);
    } else if ("origin" in blame.on) {
      add(keep(origins, blame.on.origin), fact);
      rootOf.set(fact, blame.on.origin.key);
    } else add(blame.on.fact, fact);
  }
  const byRoot = Map.groupBy([...blames.keys()].sort(compareFacts), (fact) => findRoot(fact, blames, rootOf));
  return [...byRoot].map(([root, facts]) => ({
    root: typeof root === "string" ? { origin: origins.get(root)! } : { fact: root },
    facts,
    blameOf: (fact) => blames.get(fact),
    effectsOf: (cause) => effects.get("evidence" in cause ? cause.key : cause) ?? [],
  }));
}

function keep(origins: Map<string, Origin>, origin: Origin): string {
  if (!origins.has(origin.key)) origins.set(origin.key, origin);
  return origin.key;
}

/** The root of a fact, noted for all on the way to it, so that a long chain is walked once. */
function findRoot(fact: Fact, blames: Blames, rootOf: Map<Fact, Fact | string>): Fact | string {
  const way: Fact[] = [];
  let at = fact;
  let root = rootOf.get(at);
  while (root === undefined) {
    way.push(at);
    at = (blames.get(at)!.on as { fact: Fact }).fact;
    root = rootOf.get(at);
  }
  for (const step of way) rootOf.set(step, root);
  return root;
}

function unknownOf(fact: Fact): Origin {
  const { kind, subject, cause, functionName } = fact;
  const where = kind === "failure" && functionName !== undefined ? functionName : subject;
  const said = cause === undefined || cause.startsWith("request:") ? "" : ` it was told with ${cause};`;
  return {
    kind: "unknown",
    key: `unknown:${kind}:${where}:${said === "" ? "" : cause}`,
    subject: `${kind} of ${where}`,
    evidence: `${said} nothing that was recorded explains it`.trim(),
  };
}
