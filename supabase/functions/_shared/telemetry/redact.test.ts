import assert from "node:assert/strict";
import { redactText } from "./redact.ts";

Deno.test("what is secret is named by its kind, and what stands around it stays", () => {
  const told = redactText(
    `postgres://me:hunter22@db:5432/x Bearer abcdefghij sb_secret_${"abcdefgh"} eyJhbGciOiJI.eyJzdWIiOiIx.x ann@example.org`,
  );
  assert.equal(told, "postgres://[credentials]@db:5432/x Bearer [credentials] [secret key] [jwt] [email]");
});

Deno.test("forty long texts without an @ are gone through, and what is longer than a line is cut", () => {
  for (let time = 0; time < 40; time++) assert.equal(redactText("a".repeat(5_000)).length, 5_000);
  assert.match(redactText("x ".repeat(20_000)), /\.\.\. \(40000 characters\)$/);
});
