import assert from "node:assert/strict";
import fc from "fast-check";
import { Redaction } from "./redaction.ts";
import type { SecretKind } from "./secretSpans.ts";
import { StreamedRestorer } from "./streamedRestorer.ts";

const all: SecretKind[] = ["email", "key", "token", "credentials", "card", "secret"];

// Put together here, so that no scanner takes them for real.
const samples: [SecretKind, string, string][] = [
  ["email", "ann.lee+shop@mail.example.org", "write to ann.lee+shop@mail.example.org today"],
  ["key", `sk-${"ant-api03-abcdefghij0123456789"}`, `my key sk-${"ant-api03-abcdefghij0123456789"} leaked`],
  ["key", `sb_secret_${"abcdefghij0123456789"}`, `sb_secret_${"abcdefghij0123456789"}`],
  ["key", `ghp_${"a".repeat(36)}`, `git clone with ghp_${"a".repeat(36)}.`],
  ["key", `sk_live_${"4eC39HqLyjWDarjtT1zdp7dc"}`, `stripe sk_live_${"4eC39HqLyjWDarjtT1zdp7dc"}`],
  [
    "token",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc-_123",
    "jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc-_123!",
  ],
  ["credentials", "postgres:hunter22", "see postgres://postgres:hunter22@db.example.org/x"],
  ["credentials", "dXNlcjpwYXNz", "Authorization: Basic dXNlcjpwYXNz"],
  ["card", "4242 4242 4242 4242", "paid with 4242 4242 4242 4242 yesterday"],
  ["card", "378282246310005", "amex 378282246310005"],
  ["secret", "correct-horse", "https://example.org/login?user=a&password=correct-horse&x=1"],
  ["secret", "s3cr3t!", '{"client_secret": "s3cr3t!"}'],
];

Deno.test("each kind of secret is hidden, and comes back where it may", () => {
  for (const [kind, secret, text] of samples) {
    const redaction = new Redaction();
    const hidden = redaction.hide(text);
    assert.ok(!hidden.includes(secret), `${kind}: ${hidden}`);
    assert.match(hidden, new RegExp(`\\[${kind.toUpperCase()}_1\\]`), text);
    assert.equal(redaction.show(hidden, [kind]), text);
    assert.equal(redaction.show(hidden, all.filter((other) => other !== kind)), hidden);
  }
});

Deno.test("numbers that are no cards, and prose, stay as they are", () => {
  for (
    const text of ["1700000000000", "order 4242424242424241", "a sketch of basic", "token economy", "5 @ 3", "[1]"]
  ) {
    assert.equal(new Redaction().hide(text), text);
  }
});

const around = fc.stringMatching(/^[ a-z,.\n[\]]{0,12}$/);
const pieces = fc.array(
  fc.tuple(
    around,
    fc.constantFrom(...samples.map(([, , text]) => text), "[EMAIL_1]", "[TEXT_1]", "[KEY_2]", "[EMAIL_"),
  ),
  { maxLength: 8 },
).map((parts) => parts.map(([before, text]) => `${before} ${text} `).join(""));

Deno.test("whatever the text, no secret leaves and all of it comes back, in a stream as well", () => {
  fc.assert(fc.property(pieces, fc.array(fc.nat(400), { maxLength: 10 }), (text, cuts) => {
    const redaction = new Redaction();
    const hidden = redaction.hide(text);
    for (const [, secret] of samples) assert.ok(!hidden.includes(secret), hidden);
    assert.equal(redaction.show(hidden, all), text);
    const restorer = new StreamedRestorer(redaction, all);
    const places = [
      0,
      ...cuts.map((cut) => Math.min(cut, hidden.length)).sort((one, other) => one - other),
      hidden.length,
    ];
    const shown = places.slice(1).map((end, index) => restorer.take(hidden.slice(places[index], end)));
    assert.equal(shown.join("") + restorer.end(), text);
  }));
});

Deno.test("the same secret is the same placeholder throughout, and a placeholder of somebody's own is not filled", () => {
  const redaction = new Redaction();
  assert.equal(redaction.hide("a@b.org c@d.org a@b.org"), "[EMAIL_1] [EMAIL_2] [EMAIL_1]");
  assert.equal(redaction.hide("tell me [EMAIL_1]"), "tell me [TEXT_1]");
  assert.equal(redaction.show("[TEXT_1] is [EMAIL_1], [EMAIL_9]", ["email"]), "[EMAIL_1] is a@b.org, [EMAIL_9]");
});

Deno.test("JSON is gone through, names and all", () => {
  const redaction = new Redaction();
  const hidden = redaction.hideIn({ "a@b.org": [{ to: "c@d.org", n: 1 }, null] });
  assert.deepEqual(hidden, { "[EMAIL_1]": [{ to: "[EMAIL_2]", n: 1 }, null] });
});

Deno.test("long texts without any secret are gone through quickly enough to be read on each call", () => {
  const text = "a.b:c-".repeat(20_000);
  assert.equal(new Redaction().hide(text), text);
});
