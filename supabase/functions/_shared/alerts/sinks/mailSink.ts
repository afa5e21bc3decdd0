import type { AlertSink } from "../alertSink.ts";
import type { MailPort } from "./mailPort.ts";
import { noticeFacts, noticeTitle } from "./noticeText.ts";

/** Tells people by mail: one letter a recipient and notice would need one delivery each, so it has one recipient, or a list's address. */
export function mailSink({ name = "mail", mail, to }: {
  /** @default "mail" */
  readonly name?: string;
  readonly mail: MailPort;
  readonly to: string;
}): AlertSink {
  return {
    name,
    async deliver(notice, { signal }) {
      const subject = noticeTitle(notice);
      const facts = noticeFacts(notice).map(([fact, value]) => `${fact}: ${value}`);
      await mail.send({ to, subject, text: [subject, "", ...facts, ""].join("\n"), id: notice.id }, { signal });
    },
  };
}
