import { blameFacts } from "./blameFacts.ts";
import { findChains, isQuiet } from "./chain.ts";
import { describeIncident } from "./describeIncident.ts";
import type { Fact } from "./fact.ts";
import type { IncidentReport } from "./incident.ts";
import { mergeEchoes } from "./mergeEchoes.ts";

/** Facts of a request or of a stretch of time, as they were read. */
export interface GatheredFacts {
  readonly fromMs: number;
  readonly toMs: number;
  readonly requestId?: string;
  readonly facts: readonly Fact[];
  /** What was not read, as there was too much. */
  readonly unread: number;
}

/** Incidents that an answer has room for. */
const most = 20;

/** Says what broke, why, and what healed it: the worst first. */
export function explainFacts(gathered: GatheredFacts, atMost = most): IncidentReport {
  const { facts, echoes } = mergeEchoes(gathered.facts);
  const chains = findChains(blameFacts(facts));
  // Chains that nobody asked for are those of causes that turned out to have caused nothing of it.
  const asked = chains.filter((chain) => chain.facts.some(({ isContext }) => isContext !== true));
  const loud = asked.filter((chain) => !isQuiet(chain));
  const incidents = loud.map((chain) => describeIncident(chain, gathered.toMs)).sort((one, other) =>
    other.harm - one.harm || (one.from < other.from ? -1 : one.from > other.from ? 1 : 0) ||
    (one.headline < other.headline ? -1 : 1)
  );
  const shown = incidents.slice(0, atMost);
  const total = (of: readonly Fact[]) => of.reduce((sum, fact) => sum + fact.occurrences, 0);
  const all = total(loud.flatMap((chain) => chain.facts));
  return {
    from: new Date(gathered.fromMs).toISOString(),
    to: new Date(gathered.toMs).toISOString(),
    ...(gathered.requestId === undefined ? {} : { requestId: gathered.requestId }),
    incidents: shown,
    remainder: {
      quiet: total(asked.filter(isQuiet).flatMap((chain) => chain.facts)),
      echoes,
      beyond: all - shown.reduce((sum, { tree }) => sum + eventsOf(tree), 0),
      unread: gathered.unread,
    },
  };
}

function eventsOf(node: IncidentReport["incidents"][number]["tree"]): number {
  return node.count + (node.more ?? 0) + node.effects.reduce((sum, effect) => sum + eventsOf(effect), 0);
}
