import assert from "node:assert/strict";
import type { Diagnosis } from "./diagnosis.ts";
import { policyFor } from "./policyFor.ts";

const actionOf = (diagnosis: Diagnosis) => policyFor(diagnosis).action;

Deno.test("where nothing is found against the payload, the snapshot is read again first", () => {
  for (const kind of ["generated_column", "type_mismatch", "too_long", "out_of_range", "not_null"] as const) {
    assert.equal(actionOf({ kind, columns: [] }), "refresh_and_retry");
  }
  assert.equal(actionOf({ kind: "duplicate_in_statement", columns: ["a"], groups: [] }), "dead_letter");
});

Deno.test("a full disk alarms, and one row that is beyond a limit is kept aside", () => {
  const capacity = (resource: "disk" | "limit" | "time", canSplit: boolean) =>
    policyFor({ kind: "capacity", resource, canSplit });
  assert.deepEqual([capacity("disk", false).isAlarming, capacity("time", false).isAlarming], [true, false]);
  assert.equal(capacity("limit", false).action, "dead_letter");
  assert.equal(capacity("limit", true).action, "delay_and_retry");
  assert.equal(capacity("time", false).action, "delay_and_retry");
});

Deno.test("rights, conflicts and unknown failures are never healed or sent again", () => {
  const constraint = { constraint: null, columns: [] };
  const never: Diagnosis[] = [
    { kind: "rights" },
    { kind: "invalid_call", code: "42602" },
    { kind: "still_referenced", constraints: [] },
    { kind: "duplicate_key", ...constraint },
    { kind: "exclusion_conflict", ...constraint },
    { kind: "unknown", code: "ZZ999" },
    { kind: "unknown", code: "PGRST301" },
  ];
  for (const diagnosis of never) {
    const { action, maxTries, otherwise } = policyFor(diagnosis);
    assert.ok(["refuse", "settle", "dead_letter"].includes(action) && maxTries === 1, diagnosis.kind);
    assert.ok(["refuse", "dead_letter"].includes(otherwise), diagnosis.kind);
  }
});

Deno.test("a write whose outcome is unknown is settled before it may run again", () => {
  const lost = policyFor({ kind: "connection_lost", isOutcomeUnknown: true });
  assert.deepEqual([lost.action, lost.otherwise], ["settle", "retry_transaction"]);
  assert.equal(actionOf({ kind: "connection_lost", isOutcomeUnknown: false }), "retry_transaction");
});
