import type { AlertNotice, NoticeKind } from "../alert.ts";

const words: Record<NoticeKind, string> = {
  raised: "Alert",
  escalated: "Worse",
  reminder: "Still open",
  resolved: "Resolved",
  test: "Test",
};

/** What happened, in one line: `[error] Alert: Circuit "maps" is open`. */
export function noticeTitle({ kind, alert }: AlertNotice): string {
  return `[${alert.severity}] ${words[kind]}: ${alert.title}`;
}

/** The facts behind it, each with its name; values are bounded plain text. */
export function noticeFacts({ alert }: AlertNotice): (readonly [name: string, value: string])[] {
  const { key, ref, occurrences, firstRaisedAt, isFlapping, acknowledgedBy, resolvedBy, note, detail } = alert;
  const facts: (readonly [string, unknown])[] = [
    ["Key", key],
    ["About", ref],
    ["Since", firstRaisedAt],
    ["Seen", occurrences > 1 ? `${occurrences} times` : undefined],
    ["Flapping", isFlapping ? "it came and went before" : undefined],
    ["Acknowledged by", acknowledgedBy],
    ["Resolved by", resolvedBy],
    ["Note", note],
    ...Object.entries(detail),
  ];
  return facts.flatMap(([name, value]) => value === undefined || value === null ? [] : [[name, plain(value)] as const]);
}

function plain(value: unknown): string {
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return text.length > 500 ? `${text.slice(0, 497)}...` : text;
}
