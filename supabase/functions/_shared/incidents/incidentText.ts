import type { Incident, IncidentReport, OpenEnd } from "./incident.ts";
import { costText } from "./text/costText.ts";
import { treeText } from "./text/treeText.ts";
import { counted, dayAndTime, many, plain, span, time } from "./text/words.ts";

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
    `${number}. ${plain(incident.headline)}: ${time(incident.from)}${
      lasted === 0 ? "" : `, for ${span(lasted)}`
    }, ${state}`,
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
      stillOpen.length === 0 ? ["nothing"] : stillOpen.map(openText),
    ),
    field("cost", [costText(cost)]),
    ...(touched.exampleRequests.length === 0
      ? []
      : [field("requests", [touched.exampleRequests.map(plain).join(", ")])]),
    "   chain",
    ...treeText(tree),
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

function openText({ what, subject, count }: OpenEnd): string {
  switch (what) {
    case "circuit":
      return `circuit ${plain(subject)} is open`;
    case "isolate":
      return `isolate ${plain(subject)} had not recovered`;
    default:
      return `${count} ${what.replace("_", " ")} of ${plain(subject)}`;
  }
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
