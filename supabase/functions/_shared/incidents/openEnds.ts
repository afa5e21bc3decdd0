import type { Fact } from "./fact.ts";
import type { OpenEnd } from "./incident.ts";
import { isOwnTrip } from "./outages.ts";

/** An isolate that is not heard of for so long is gone, and its own circuits with it. */
const goneMs = 300_000;

/** What of a chain somebody still has to see to, by `untilMs`. */
export function openEnds(facts: readonly Fact[], untilMs: number): OpenEnd[] {
  return [
    ...counted("dead_letters", facts.filter(({ kind, detail }) => kind === "dead_letter" && detail.isOpen === true)),
    ...counted("rescued_fields", facts.filter(({ kind, detail }) => kind === "rescue" && detail.isOpen === true)),
    ...openCircuits(facts),
    ...illIsolates(facts, untilMs),
  ];
}

function counted(what: OpenEnd["what"], facts: readonly Fact[]): OpenEnd[] {
  const bySubject = Map.groupBy(facts, ({ subject }) => subject);
  return [...bySubject].sort(([one], [other]) => one < other ? -1 : 1).map(([subject, group]) => ({
    what,
    subject,
    count: group.reduce((sum, { occurrences, detail }) => sum + Number(detail.openFields ?? occurrences), 0),
  }));
}

/** The fleet's circuits that were not seen to close. What one isolate had opened for itself ends with it. */
function openCircuits(facts: readonly Fact[]): OpenEnd[] {
  const turns = facts.filter((fact) => (fact.kind === "trip" || isEnd(fact)) && !isOwnTrip(fact));
  const last = new Map<string, Fact>();
  for (const turn of turns) {
    const known = last.get(turn.subject);
    if (known === undefined || turn.atMs >= known.atMs) last.set(turn.subject, turn);
  }
  return [...last.values()].filter(({ kind }) => kind === "trip").map(({ subject }) => ({
    what: "circuit",
    subject,
    count: 1,
  }));
}

function isEnd({ kind, detail }: Fact): boolean {
  return kind === "recovery" || (kind === "override" && detail.to === "closed");
}

/** Isolates whose own circuits were open to the end of what was looked at. */
function illIsolates(facts: readonly Fact[], untilMs: number): OpenEnd[] {
  const own = facts.filter((fact) => (fact.kind === "trip" || fact.kind === "recovery") && isOwnTrip(fact));
  return [...Map.groupBy(own, ({ isolate }) => isolate!)].flatMap(([isolate, turns]) => {
    const last = [...Map.groupBy(turns, ({ subject }) => subject).values()].map((group) => group.at(-1)!);
    const heardMs = facts.reduce((ms, fact) => fact.isolate === isolate ? Math.max(ms, fact.untilMs) : ms, -Infinity);
    const isIll = last.some(({ kind }) => kind === "trip") && heardMs > untilMs - goneMs;
    return isIll ? [{ what: "isolate" as const, subject: isolate, count: 1 }] : [];
  }).sort((one, other) => one.subject < other.subject ? -1 : 1);
}
