import type { AlertNotice, AlertSeverity } from "../alert.ts";
import { noticeFacts, noticeTitle } from "./noticeText.ts";

/** A message as Slack's incoming webhooks, and those that copy them, take it. */
export interface SlackMessage {
  /** For notifications, and receivers that know no blocks. */
  readonly text: string;
  readonly blocks: readonly Record<string, unknown>[];
}

const marks: Record<AlertSeverity, string> = {
  info: ":information_source:",
  warning: ":warning:",
  error: ":red_circle:",
  critical: ":rotating_light:",
};

/** Slack's limits: a header of 150 characters, ten fields of a section, of 2,000 characters each. */
const [longestHeader, mostFields, longestField] = [150, 10, 2_000];

/** Writes a notice for Slack. Nothing in it can mention a person or make a link: its three special characters are escaped. */
export function slackMessage(notice: AlertNotice): SlackMessage {
  const title = noticeTitle(notice);
  const mark = notice.kind === "resolved" ? ":white_check_mark:" : marks[notice.alert.severity];
  const facts = noticeFacts(notice);
  const fields = facts.slice(0, mostFields).map(([name, value]) => ({
    type: "mrkdwn",
    text: cut(`*${escapeSlack(name)}*\n${escapeSlack(value)}`, longestField),
  }));
  return {
    text: cut(`${mark} ${escapeSlack(title)}`, 3_000),
    blocks: [
      // A header is plain text: Slack shows it as it is, so escaping it would show.
      { type: "header", text: { type: "plain_text", text: cut(title, longestHeader), emoji: false } },
      { type: "section", fields },
      { type: "context", elements: [{ type: "mrkdwn", text: `${mark} ${notice.kind} ${notice.at}` }] },
    ],
  };
}

/** As Slack asks for it: these three characters and no others. */
export function escapeSlack(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Cuts by characters, never within one or within an escape. */
function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const characters = text.slice(0, longest - 3).replace(/[\uD800-\uDBFF]$/, "");
  return `${characters.replace(/&[a-z]{0,3}$/, "")}...`;
}
