import assert from "node:assert/strict";
import { type RestError, toRestFailure } from "./toRestFailure.ts";

const table = { schema: "public", name: "things" };
const failure = (error: RestError, names: string[] = [], status = 400) =>
  toRestFailure({ data: null, error, status }, { table, names });

Deno.test("names are found among those that were sent", () => {
  const missing = { code: "PGRST204", message: "Could not find the 'colour' column of 'things' in the schema cache" };
  assert.equal(failure(missing, ["code", "colour"]).column, "colour");
  assert.equal(failure(missing, ["code"]).column, undefined);
  const filter = { code: "42703", message: "column things.co does not exist" };
  assert.equal(failure(filter, ["c", "co", "code"]).column, "co");
  assert.deepEqual([failure({ code: "PGRST205", message: "m" }).table, failure({ code: "PGRST205" }).schema], [
    "things",
    "public",
  ]);
});

Deno.test("constraints and columns are found where they stand in quotes", () => {
  const duplicate = failure({
    code: "23505",
    message: 'duplicate key value violates unique constraint "things_code_key"',
    details: "Key (code)=(taken) already exists.",
    hint: null,
  });
  const { constraint, kind, detail, hint } = duplicate;
  assert.deepEqual([constraint, kind, detail, hint], [
    "things_code_key",
    "conflict",
    "Key (code)=(taken) already exists.",
    undefined,
  ]);
  const lacking = {
    code: "23502",
    message: 'null value in column "code" of relation "things" violates not-null constraint',
  };
  assert.equal(failure(lacking).column, "code");
});

Deno.test("a gateway's answers are told by their status", () => {
  const of = (status: number) => {
    const { code, kind, isOutcomeUnknown } = failure({ message: "<html>" }, [], status);
    return [code, kind, isOutcomeUnknown];
  };
  assert.deepEqual(of(502), ["HTTP_502", "connection_lost", true]);
  assert.deepEqual(of(520), ["HTTP_520", "connection_lost", true]);
  assert.deepEqual(of(429), ["HTTP_429", "capacity", false]);
  assert.deepEqual(of(401), ["HTTP_401", "rights", false]);
  assert.deepEqual(of(413), ["HTTP_413", "other", false]);
});

Deno.test("PostgREST's codes decide, whatever the status", () => {
  assert.equal(failure({ code: "40001", message: "m" }, [], 500).kind, "retry");
  assert.equal(failure({ code: "PGRST003", message: "m" }, [], 504).kind, "never_ran");
  assert.equal(failure({ code: "PGRST999", message: "m" }, [], 500).kind, "other");
});

Deno.test("what fetch throws is told by its code, or by where its client failed", () => {
  const of = (thrown: unknown, isRead = false) => {
    const answer = { data: null, error: { message: "m" }, status: 0 };
    const { code, kind, isOutcomeUnknown } = toRestFailure(answer, { table, names: [], thrown, isRead });
    return [code, kind, isOutcomeUnknown];
  };
  const refused = new TypeError("fetch failed", { cause: new Error("client error (Connect): tcp connect error") });
  assert.deepEqual(of(refused), ["ECONNREFUSED", "never_ran", false]);
  const reset = new TypeError("fetch failed", { cause: Object.assign(new Error("reset"), { code: "ECONNRESET" }) });
  assert.deepEqual(of(reset), ["ECONNRESET", "connection_lost", true]);
  assert.deepEqual(of(new TypeError("fetch failed")), ["FETCH_FAILED", "connection_lost", true]);
  assert.deepEqual(of(new TypeError("fetch failed"), true), ["FETCH_FAILED", "connection_lost", false]);
  assert.deepEqual(of(new DOMException("stop", "AbortError")), ["ABORTED", "connection_lost", true]);
});
