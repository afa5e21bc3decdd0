import assert from "node:assert/strict";
import { Webhook } from "standardwebhooks";
import { readSigningSecrets, standardWebhookHeaders } from "./standardWebhook.ts";

const first = `whsec_${btoa("a secret of thirty-two bytes ....")}`;
const second = `whsec_${btoa("another one, of as many bytes ...")}`;
const body = JSON.stringify({ type: "alert.raised", data: { title: "\u00e4 \u{1f525}" } });

const signed = (text: string, atMs = Date.now()) =>
  standardWebhookHeaders(readSigningSecrets(text), { id: "msg_1", atMs, body });

Deno.test("the official package accepts what was signed", async () => {
  const headers = await signed(first);
  assert.deepEqual(new Webhook(first).verify(body, headers), JSON.parse(body));
});

Deno.test("a signature of Standard Webhooks' own example comes out the same", async () => {
  const headers = await standardWebhookHeaders(readSigningSecrets("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), {
    id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
    atMs: 1_614_265_330_000,
    body: '{"test": 2432232314}',
  });
  assert.equal(headers["webhook-timestamp"], "1614265330");
  assert.equal(headers["webhook-signature"], "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
});

Deno.test("while a secret is replaced either of them verifies", async () => {
  const headers = await signed(`${first} ${second}`);
  for (const secret of [first, second]) new Webhook(secret).verify(body, headers);
});

Deno.test("another secret, another body or an old one is not accepted", async () => {
  const headers = await signed(first);
  assert.throws(() => new Webhook(second).verify(body, headers));
  assert.throws(() => new Webhook(first).verify(`${body} `, headers));
  assert.throws(() => new Webhook(first).verify(body, { ...headers, "webhook-id": "msg_2" }));
  const old = headers;
  old["webhook-timestamp"] = "1614265330";
  assert.throws(() => new Webhook(first).verify(body, old));
});

Deno.test("a secret that is none is refused, and not quoted", () => {
  const refused: [string, RegExp][] = [
    ["hunter2", /must begin with 'whsec_'/],
    ["whsec_!!!", /is not base64/],
    [`whsec_${btoa("short")}`, /must have 24 to 64 bytes: this one has 5/],
    [Array.from({ length: 6 }, () => first).join(" "), /more than five: 6/],
  ];
  for (const [text, message] of refused) {
    assert.throws(() => readSigningSecrets(text), (error: Error) => {
      assert.match(error.message, message);
      return !error.message.includes(text);
    });
  }
});
