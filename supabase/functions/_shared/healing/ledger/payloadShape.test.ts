import assert from "node:assert/strict";
import { fingerprintOf } from "./payloadShape.ts";

Deno.test("texts that are nearly the same have fingerprints of their own", () => {
  const texts = Array.from({ length: 100_000 }, (_, n) => `{"id":${n},"total":"12.50"}`);
  const swapped = Array.from({ length: 900 }, (_, n) => `{"a":${n % 30},"b":${Math.floor(n / 30)}}`);
  const all = [...texts, ...swapped];
  const halves = [1, 2].map((half) => new Set(all.map((text) => fingerprintOf(text).split(":")[half])));
  assert.equal(new Set(all.map(fingerprintOf)).size, all.length);
  // Of 100,900 numbers of 32 bits about one pair is the same by chance.
  for (const half of halves) assert.ok(half.size > all.length - 12, String(half.size));
});

Deno.test("a change of any one character of a long text shows", () => {
  const text = "please ring twice, the bell is quiet ".repeat(20);
  const changed = [...text].map((_, at) => `${text.slice(0, at)}~${text.slice(at + 1)}`);
  assert.equal(new Set([text, ...changed].map(fingerprintOf)).size, changed.length + 1);
});
