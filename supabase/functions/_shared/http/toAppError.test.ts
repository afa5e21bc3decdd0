import assert from "node:assert/strict";
import { AppError } from "../errors/appError.ts";
import { PolicyRefusal } from "../policies/policyRefusal.ts";
import { TimeLimitError } from "../time/timeLimit.ts";
import { toAppError } from "./toAppError.ts";

const request = new Request("http://localhost/");
const driver = (code: string) => Object.assign(new Error("secret words of a driver"), { code });

Deno.test("database errors leave under the code that fits, without the driver's words", () => {
  const cases: [string, string][] = [
    ["CONNECTION_CLOSED", "database_unavailable"],
    ["ECONNREFUSED", "database_unavailable"],
    ["57P01", "database_unavailable"],
    ["53300", "database_unavailable"],
    ["40001", "overloaded"],
    ["57014", "overloaded"],
    ["23505", "conflict"],
    ["23503", "conflict"],
    ["23514", "invalid_input"],
    ["22P02", "invalid_input"],
    ["22023", "invalid_input"],
    ["P0002", "not_found"],
    ["42501", "forbidden"],
    ["28P01", "misconfigured"],
    ["42703", "internal"],
    ["XX000", "internal"],
  ];
  for (const [code, expected] of cases) {
    for (const error of [driver(code), new Error("wrapped", { cause: driver(code) })]) {
      const told = toAppError(error, request);
      assert.equal(told.code, expected, code);
      assert.doesNotMatch(JSON.stringify([told.message, told.details]), /secret|driver/);
      assert.equal(told.cause, error);
    }
  }
});

Deno.test("what an SQL function refuses on purpose is told in its own words, with the field that is meant", () => {
  const raised = Object.assign(new Error("Cannot sell less than one"), { code: "BL422", detail: "quantity" });
  const told = toAppError(new Error("outside", { cause: raised }), request);
  assert.deepEqual([told.code, told.message], ["invalid_input", "Cannot sell less than one"]);
  const issue = { path: "quantity", code: "refused", message: "Cannot sell less than one" };
  assert.deepEqual(told.details, { issues: [issue] });
  for (const [code, expected] of [["BL403", "forbidden"], ["BL404", "not_found"], ["BL409", "conflict"]]) {
    const refused = toAppError(Object.assign(new Error("Told"), { code }), request);
    assert.deepEqual([refused.code, refused.message], [expected, "Told"]);
  }
  const late = toAppError(Object.assign(new Error("Told"), { code: "BL429", detail: "250" }), request);
  assert.deepEqual([late.code, late.message, late.details], ["rate_limited", "Told", { retryAfterMs: 250 }]);
  assert.equal(toAppError(driver("BL001"), request).code, "internal");
});

Deno.test("an error of ours stays itself, anything else is internal", () => {
  const ours = new AppError("not_found", "Cannot find it");
  assert.equal(toAppError(ours, request), ours);
  for (const thrown of ["text", undefined, null, 7, new TypeError("x")]) {
    assert.equal(toAppError(thrown, request).code, "internal");
  }
});

Deno.test("nothing failed on our side when the client has left", () => {
  const gone = new Request("http://localhost/", { signal: AbortSignal.abort() });
  assert.equal(toAppError(new Error("aborted"), gone).code, "client_gone");
});

Deno.test("what a policy refused or gave up leaves as what it means for the caller", () => {
  const refused = toAppError(new PolicyRefusal("rate_limit", "inside", { retryAfterMs: 70 }), request);
  assert.deepEqual([refused.code, refused.details], ["overloaded", { retryAfterMs: 70 }]);
  const late = toAppError(new TimeLimitError(250), request);
  assert.deepEqual([late.code, late.details], ["deadline_exceeded", { deadlineMs: 250 }]);
});
