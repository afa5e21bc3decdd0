import assert from "node:assert/strict";
import fc from "fast-check";
import { noticeFixture } from "../testing/noticeFixture.ts";
import { slackMessage } from "./slackMessage.ts";

interface Section {
  readonly text?: { readonly type: string; readonly text: string };
  readonly fields?: readonly { readonly text: string }[];
}

Deno.test("a message says what, how bad, about what and since when", () => {
  const message = slackMessage(noticeFixture());
  assert.equal(message.text, ':red_circle: [error] Alert: Circuit "maps" has not been closed for 12 minutes');
  const [, section] = message.blocks as unknown as Section[];
  assert.deepEqual(section?.fields?.map(({ text }) => text), [
    "*Key*\ncircuit_open:maps",
    "*About*\ncircuit:maps:7",
    "*Since*\n2026-11-26T07:50:00.000Z",
    "*Seen*\n3 times",
    "*minutes*\n12",
  ]);
});

Deno.test("nothing in an alert can call people or make links", () => {
  const title = "<!channel> & <https://evil.example|click>";
  const message = slackMessage(noticeFixture({ title, detail: { "<@U1>": "<!here>" } }));
  assert.ok(message.text.includes("&lt;!channel&gt; &amp; &lt;https://evil.example|click&gt;"), message.text);
  const [header, section] = message.blocks as unknown as Section[];
  assert.equal(header?.text?.type, "plain_text");
  for (const { text } of section?.fields ?? []) assert.doesNotMatch(text, /[<>]/);
});

Deno.test("whatever an alert says stays within Slack's limits, and no escape is cut in two", () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 4_000, unit: fc.constantFrom("&", "<", "a", "\u{1f525}") }),
      fc.dictionary(
        fc.string({ maxLength: 20 }),
        fc.string({ maxLength: 3_000, unit: fc.constantFrom("&", ">", "b") }),
        {
          maxKeys: 30,
        },
      ),
      (title, detail) => {
        const message = slackMessage(noticeFixture({ title, detail }));
        const [header, section] = message.blocks as unknown as Section[];
        assert.ok(message.text.length <= 3_000 && header!.text!.text.length <= 150);
        assert.ok(section!.fields!.length <= 10 && section!.fields!.every(({ text }) => text.length <= 2_000));
        for (const text of [message.text, ...section!.fields!.map(({ text }) => text)]) {
          assert.doesNotMatch(text, /&(?!amp;|lt;|gt;)/);
          assert.doesNotMatch(text, /[\uD800-\uDBFF](?![\uDC00-\uDFFF])/);
        }
      },
    ),
    { seed: 20261126 },
  );
});
