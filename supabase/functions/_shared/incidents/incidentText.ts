import type { CauseNode, Incident, IncidentCost, IncidentReport } from "./incident.ts";

/** The report as a person reads it who was just woken: a headline an incident, what to do, then the chain with times. */
export function incidentText(report: IncidentReport): string {
  const { incidents, requestId } = report;
  const of = requestId === undefined ? "" : ` in request ${plain(requestId)}`;
  const open = incidents.filter(({ isOpen }) => isOpen).length;
  const found = incidents.length === 0
    ? "nothing that hurt anybody"
    : `${many(incidents.length, "incident")}, ${open === 0 ? "none" : open} still open`;
  const lines = [
    `What broke${of}, ${dayAndTime(report.from)} to ${dayAndTime(report.to)} UTC: ${found}.`,
    ...incidents.flatMap((incident, place) => ["", ...incidentLines(incident, place + 1)]),
    ...remainderLines(report.remainder),
  ];
  return `${lines.join("\n")}\n`;
}

function incidentLines(incident: Incident, number: number): string[] {
  const { cause, touched, healedBy, stillOpen, cost, tree } = incident;
  const lasted = Date.parse(incident.to) - Date.parse(incident.from);
  const state = incident.isOpen ? "NOT OVER" : "over";
  const confidence = cause.kind === "unknown" ? "" : ` (sure: ${Math.round(cause.confidence * 100)} %)`;
  return [
    `${number}. ${plain(incident.headline)}: ${time(incident.from)}, for ${span(lasted)}, ${state}`,
    field("why", [`${plain(cause.evidence)}${confidence}`]),
    field("touched", [touchedText(touched)]),
    field(
      "healed by",
      healedBy.length === 0 ? ["nothing that was recorded"] : healedBy.map((remedy) => {
        const times = remedy.count === 1 ? "" : ` x ${remedy.count}`;
        const words = remedy.detail === "" ? "" : `: ${plain(remedy.detail)}`;
        return `${remedy.by} of ${plain(remedy.subject)}${times} after ${span(remedy.tookMs)}${words}`;
      }),
    ),
    field(
      "open",
      stillOpen.length === 0
        ? ["nothing"]
        : stillOpen.map(({ what, subject, count }) =>
          what === "circuit"
            ? `circuit ${plain(subject)} is open`
            : `${count} ${what.replace("_", " ")} of ${plain(subject)}`
        ),
    ),
    field("cost", [costText(cost)]),
    ...(touched.exampleRequests.length === 0
      ? []
      : [field("requests", [touched.exampleRequests.map(plain).join(", ")])]),
    "   chain",
    ...treeLines(tree, 2),
  ];
}

function field(name: string, lines: readonly string[]): string {
  return lines.map((line, place) => `   ${(place === 0 ? name : "").padEnd(10)} ${line}`).join("\n");
}

function touchedText({ functions, subjects, circuits, isolates, requests }: Incident["touched"]): string {
  return [
    many(requests, "request"),
    many(isolates, "isolate"),
    ...list("functions", functions),
    ...list("circuits", circuits),
    ...list("what", subjects),
  ].join("; ");
}

function list(name: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`${name} ${items.map(plain).join(", ")}`];
}

function costText(cost: IncidentCost): string {
  const parts = [
    cost.waitedMs > 0 ? `${span(cost.waitedMs)} waited` : "",
    counted(cost.failures, "failure"),
    counted(cost.deadLetters, "dead letter"),
    counted(cost.rescuedFields, "field set aside", "fields set aside"),
    counted(cost.sheds, "shed"),
    counted(cost.fallbacks, "fallback"),
    counted(cost.retries, "retry", "retries"),
    counted(cost.heals, "heal"),
    cost.aiCalls === 0
      ? ""
      : `${many(cost.aiCalls, "call")} of models (${many(cost.aiTokens, "token")}, $${
        (cost.aiMicroUsd / 1e6).toFixed(4)
      })`,
  ].filter((part) => part !== "");
  return parts.length === 0 ? "nothing that was measured" : parts.join(", ");
}

function treeLines(node: CauseNode, depth: number): string[] {
  const times = node.from === node.to ? time(node.from) : `${time(node.from)} to ${time(node.to)}`;
  const count = node.count > 1 ? ` x ${node.count}` : "";
  const words = node.detail === "" ? "" : `: ${plain(node.detail)}`;
  const rule = node.rule === undefined || node.confidence === 1
    ? ""
    : ` [${node.rule}, ${Math.round(node.confidence! * 100)} %]`;
  const indent = "  ".repeat(depth);
  return [
    `${indent}${times} ${node.kind.replaceAll("_", " ")} of ${plain(node.subject)}${count}${words}${rule}`,
    ...node.effects.flatMap((effect) => treeLines(effect, depth + 1)),
    ...(node.more === undefined ? [] : [`${indent}  and ${node.more} more events`]),
  ];
}

function remainderLines({ quiet, beyond, unread }: IncidentReport["remainder"]): string[] {
  const lines = [
    counted(quiet, "event that hurt nobody", "events that hurt nobody"),
    counted(beyond, "event of incidents that are not shown", "events of incidents that are not shown"),
    counted(
      unread,
      "event that was not read, as there were too many",
      "events that were not read, as there were too many",
    ),
  ].filter((line) => line !== "");
  return lines.length === 0 ? [] : ["", `Besides: ${lines.join("; ")}.`];
}

const counted = (count: number, one: string, more?: string) => count === 0 ? "" : many(count, one, more);
const many = (count: number, one: string, more = `${one}s`) => `${count} ${count === 1 ? one : more}`;
const time = (iso: string) => iso.slice(11, 19);
const dayAndTime = (iso: string) => `${iso.slice(0, 10)} ${time(iso)}`;

function span(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  const seconds = Math.floor(ms / 1_000) % 60;
  return minutes < 60 ? `${minutes} min ${seconds} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Names come from callers and from errors: one line each, and no longer than one can read. */
function plain(text: string): string {
  // deno-lint-ignore no-control-regex -- that is what is to be found
  const line = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, " ");
  return line.length <= 300 ? line : `${line.slice(0, 297)}...`;
}
