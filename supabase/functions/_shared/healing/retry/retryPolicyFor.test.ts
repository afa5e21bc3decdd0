import assert from "node:assert/strict";
import { sqlStateCodes } from "../../db/sqlState.ts";
import { retryPolicyFor } from "./retryPolicyFor.ts";

Deno.test("collisions, refused connections and stale plans run again, lost ones once settled, everything else never", () => {
  const expected = { retry: "always", never_ran: "always", pooler: "always", connection_lost: "once_settled" };
  for (const [name, codes] of Object.entries(sqlStateCodes)) {
    const when = (expected as Record<string, string>)[name] ?? "never";
    for (const code of codes) assert.equal(retryPolicyFor(code).when, when, code);
  }
  assert.equal(retryPolicyFor(undefined).when, "never");
});

Deno.test("collisions get five tries; a held lock is waited for longer than a collision", () => {
  assert.equal(retryPolicyFor("40001").maxAttempts, 5);
  assert.equal(retryPolicyFor("40P01").maxAttempts, 5);
  assert.equal(retryPolicyFor("55P03").maxAttempts, 5);
  assert.ok(retryPolicyFor("55P03").wait.baseMs > retryPolicyFor("40001").wait.baseMs);
});
