import type { Chain } from "./chain.ts";
import type { Fact } from "./fact.ts";
import type { Remedy } from "./incident.ts";
import { isOwnTrip } from "./outages.ts";

/** What ended the trouble of a chain, or kept it from callers; the earliest first. */
export function findRemedies(chain: Chain, fromMs: number): Remedy[] {
  const { facts } = chain;
  const of = (kind: Fact["kind"]) => facts.filter((fact) => fact.kind === kind);
  const remedies = [
    ...bySubject(of("heal").filter(({ detail }) => detail.isUndone !== true), "heal"),
    ...bySubject(of("recovery"), "recovery"),
    ...bySubject(of("override"), "override"),
    ...bySubject(of("fallback"), "fallback"),
    ...bySubject(of("replay"), "replay"),
    ...bySubject(of("tune"), "tune"),
    ...landedRetries(facts),
    ...containment(chain),
  ];
  return remedies.sort((one, other) => one.atMs - other.atMs || (one.by < other.by ? -1 : 1)).map((
    { atMs, ...remedy },
  ) => ({
    ...remedy,
    at: new Date(atMs).toISOString(),
    tookMs: Math.max(0, Math.round(atMs - fromMs)),
  }));
}

type Draft = Omit<Remedy, "at" | "tookMs"> & { readonly atMs: number };

function bySubject(facts: readonly Fact[], by: Remedy["by"]): Draft[] {
  const groups = Map.groupBy(facts, ({ subject }) => subject);
  return [...groups].sort(([one], [other]) => one < other ? -1 : 1).map(([subject, group]) => ({
    by,
    subject,
    count: group.reduce((sum, fact) => sum + fact.occurrences, 0),
    // A circuit that closed is what ended it, the last time it did.
    atMs: by === "recovery" ? Math.max(...group.map(({ atMs }) => atMs)) : Math.min(...group.map(({ atMs }) => atMs)),
    detail: [...new Set(group.map(saying))].filter((words) => words !== "").sort().slice(0, 3).join("; "),
  }));
}

function saying({ kind, detail }: Fact): string {
  if (kind === "heal") {
    const strategy = `by ${detail.strategy ?? "plan"}`;
    return typeof detail.from === "string" ? `${detail.from} -> ${detail.to ?? "set aside"} ${strategy}` : strategy;
  }
  return [detail.by, detail.to, detail.reason, detail.outcome].filter((word) => word !== undefined).join(" ");
}

/** Requests that had to try again and came to no harm. Where requests are not known, retries count if nothing failed at all. */
function landedRetries(facts: readonly Fact[]): Draft[] {
  const retries = facts.filter(({ kind }) => kind === "retry");
  if (retries.length === 0) return [];
  const lost = facts.filter(({ kind }) => kind === "failure" || kind === "dead_letter");
  const lostRequests = new Set(lost.flatMap(({ requests }) => requests));
  const tried = new Set(retries.flatMap(({ requests }) => requests));
  const landed = [...tried].filter((request) => !lostRequests.has(request)).length;
  const isKnown = tried.size > 0;
  if (isKnown ? landed === 0 : lost.length > 0) return [];
  const helped = retries.filter(({ requests }) => !isKnown || requests.some((request) => !lostRequests.has(request)));
  return [{
    by: "retry",
    subject: [...new Set(helped.map(({ subject }) => subject))].sort().slice(0, 5).join(", "),
    count: helped.reduce((sum, { occurrences }) => sum + occurrences, 0),
    atMs: Math.max(...helped.map(({ untilMs }) => untilMs)),
    detail: isKnown ? `${landed} of ${tried.size} requests that tried again went through` : "",
  }];
}

/** An isolate that is ill alone is kept apart: its own circuits open, the fleet's stay closed. */
function containment({ root, facts }: Chain): Draft[] {
  if ("fact" in root || root.origin.kind !== "isolate") return [];
  const own = facts.filter((fact) => fact.kind === "trip" && isOwnTrip(fact));
  if (own.length === 0 || facts.some((fact) => fact.kind === "trip" && !isOwnTrip(fact))) return [];
  return [{
    by: "containment",
    subject: root.origin.subject,
    count: own.length,
    atMs: Math.min(...own.map(({ atMs }) => atMs)),
    detail: "its own circuits opened, its word did not open the fleet's",
  }];
}
