import { causeTree, countRequests, spanOf } from "./causeTree.ts";
import type { Chain } from "./chain.ts";
import type { Fact } from "./fact.ts";
import type { Incident, RootCause } from "./incident.ts";
import { harmOf, incidentCost } from "./incidentCost.ts";
import { openEnds } from "./openEnds.ts";
import { findRemedies } from "./remedies.ts";

/** How many request ids an incident names. */
const examples = 5;
/** How many functions, tables and the like it names. */
const names = 20;

/** Kinds that say nothing of when trouble began or ended: the change that it follows from may be days older. */
const followUps = new Set(["replay", "undo", "override"]);

/** Makes of a chain what a person wants to know of it, at `untilMs`. */
export function describeIncident(chain: Chain, untilMs: number): Incident {
  const { facts } = chain;
  // What was asked for says when it was; where only its cause is older, it still began with its first effect.
  const asked = facts.filter(({ isContext, kind }) => isContext !== true && !followUps.has(kind));
  const spanned = asked.length > 0 ? asked : facts;
  const ends = facts.filter(({ kind }) => kind === "recovery");
  const { from, to } = spanOf([...spanned, ...ends.filter(({ atMs }) => spanned.some((fact) => fact.atMs <= atMs))]);
  const costed = facts.filter(({ isContext }) => isContext !== true);
  const [cost, open] = [incidentCost(costed), openEnds(facts, untilMs)];
  const of = (pick: (fact: Fact) => string | undefined) =>
    [...new Set(facts.flatMap((fact) => pick(fact) ?? []))].sort();
  const [functions, circuits] = [of(({ functionName }) => functionName), of(circuitOf)];
  const isNamed = new Set([...functions, ...circuits]);
  const cause = causeOf(chain);
  return {
    headline: headlineOf(cause),
    cause,
    from,
    to,
    isOpen: open.length > 0,
    touched: {
      functions: functions.slice(0, names),
      subjects: of(({ subject }) => isNamed.has(subject) ? undefined : subject).slice(0, names),
      circuits: circuits.slice(0, names),
      isolates: facts.reduce(
        (most, { detail }) => Math.max(most, Number(detail.isolates ?? 0)),
        of(({ isolate }) => isolate).length,
      ),
      requests: countRequests(costed),
      exampleRequests: [...new Set(costed.flatMap(({ requests }) => requests))].slice(0, examples),
    },
    healedBy: findRemedies(chain, Date.parse(from)),
    stillOpen: open,
    cost,
    harm: harmOf(cost, open),
    tree: causeTree(chain),
  };
}

const circuitOf = ({ kind, subject }: Fact) => circuitKinds.has(kind) ? subject : undefined;
const circuitKinds = new Set(["trip", "recovery", "way_back", "override"]);

function causeOf(chain: Chain): RootCause {
  const { root } = chain;
  const direct = chain.effectsOf("fact" in root ? root.fact : root.origin);
  const weight = direct.reduce((sum, { occurrences }) => sum + occurrences, 0);
  const sure = direct.reduce((sum, fact) => sum + fact.occurrences * (chain.blameOf(fact)?.confidence ?? 0), 0);
  const confidence = weight === 0 ? 1 : Math.round(sure / weight * 100) / 100;
  if ("origin" in root) {
    const { kind, subject, evidence } = root.origin;
    return { kind, subject, evidence, confidence };
  }
  const { kind, subject, detail, atMs } = root.fact;
  const says = [detail.says, detail.reason].find((words) => typeof words === "string") ?? "";
  return { kind, subject, evidence: `${says} (${new Date(atMs).toISOString()})`.trim(), confidence };
}

function headlineOf({ kind, subject }: RootCause): string {
  switch (kind) {
    case "schema_change":
      return `${subject} was changed`;
    case "dependency":
      return `${subject} was down`;
    case "isolate":
      return `Isolate ${subject} was ill`;
    case "contention":
    case "database":
      return `${subject.charAt(0).toUpperCase()}${subject.slice(1)}`;
    case "payload":
      return `Callers send what ${subject} does not take`;
    case "limit":
      return `The limit ${subject} was met`;
    case "unrecorded":
      return `Something of which only the name is known: ${subject}`;
    case "unknown":
      return `Unknown cause: ${subject}`;
    case "tune":
      return `${subject} was tuned`;
    default:
      return `${kind} of ${subject}`;
  }
}
