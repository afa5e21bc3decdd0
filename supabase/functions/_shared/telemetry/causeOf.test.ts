import assert from "node:assert/strict";
import { causeOf, causeOfCode } from "./causeOf.ts";

Deno.test("a failure is blamed on its SQLSTATE, then its code, its status and its name", () => {
  assert.equal(causeOf(Object.assign(new Error(), { code: "40P01" })), "sqlstate:40P01");
  assert.equal(causeOf(Object.assign(new Error(), { code: "EPIPE" })), "error:EPIPE");
  assert.equal(causeOf(Object.assign(new Error(), { code: "ai_unavailable", status: 503 })), "error:ai_unavailable");
  assert.equal(causeOf(new Response(null, { status: 503 })), "error:http_503");
  assert.equal(causeOf(new TypeError("x")), "error:TypeError");
});

Deno.test("words that a caller can have sent are no cause", () => {
  assert.equal(causeOf(Object.assign(new Error(), { code: "ada@example.com is taken" })), "error:Error");
  assert.equal(causeOf({ code: "x".repeat(200), name: "a b" }), "error:unknown");
  for (const thrown of [undefined, null, 7, "text"]) assert.equal(causeOf(thrown), "error:unknown");
  assert.equal(causeOfCode("23505"), "sqlstate:23505");
  assert.equal(causeOfCode("PGRST204"), "sqlstate:PGRST204");
  assert.equal(causeOfCode(undefined), "sqlstate:unknown");
  assert.equal(causeOfCode("'; drop"), "sqlstate:unknown");
});
