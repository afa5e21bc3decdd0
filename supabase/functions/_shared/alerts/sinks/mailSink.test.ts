import assert from "node:assert/strict";
import { noticeFixture } from "../testing/noticeFixture.ts";
import type { Mail } from "./mailPort.ts";
import { mailSink } from "./mailSink.ts";

Deno.test("a letter has the alert in its subject, the facts in its text, and the delivery's id", async () => {
  const sent: Mail[] = [];
  const mail = { send: (letter: Mail) => Promise.resolve(void sent.push(letter)) };
  const notice = noticeFixture({ detail: { codes: ["42703"] } }, { kind: "reminder" });
  await mailSink({ mail, to: "ops@example.com" }).deliver(notice, { signal: new AbortController().signal });
  assert.deepEqual(sent, [{
    to: "ops@example.com",
    subject: '[error] Still open: Circuit "maps" has not been closed for 12 minutes',
    text: [
      '[error] Still open: Circuit "maps" has not been closed for 12 minutes',
      "",
      "Key: circuit_open:maps",
      "About: circuit:maps:7",
      "Since: 2026-11-26T07:50:00.000Z",
      "Seen: 3 times",
      'codes: ["42703"]',
      "",
    ].join("\n"),
    id: notice.id,
  }]);
});
