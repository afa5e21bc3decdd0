import assert from "node:assert/strict";
import { CircuitOpenError } from "../breaker/circuitErrors.ts";
import { isRetryable } from "./isRetryable.ts";
import { PolicyRefusal } from "./policyRefusal.ts";

Deno.test("isRetryable: refusals and answers that the call is wrong are final, all else may pass", () => {
  const open = new CircuitOpenError("ai", { name: "open", share: 0, decidedBy: "fleet" });
  const final = [new PolicyRefusal("bulkhead", "full"), open, { status: 404 }, { status: 422 }];
  const passing = [new TypeError("fetch failed"), { status: 429 }, { status: 503 }, { status: 408 }, "text", undefined];
  assert.deepEqual(final.map(isRetryable), final.map(() => false));
  assert.deepEqual(passing.map(isRetryable), passing.map(() => true));
});
