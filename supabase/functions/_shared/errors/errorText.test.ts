import assert from "node:assert/strict";
import { AppError } from "./appError.ts";
import { errorText } from "./errorText.ts";

Deno.test("an error's text has the code and every cause", () => {
  const driver = Object.assign(new Error('relation "secrets" does not exist'), { code: "42P01" });
  const text = errorText(new AppError("internal", "Cannot answer the request", { cause: driver }));
  assert.match(text, /^\[internal\] AppError: Cannot answer the request/);
  assert.match(text, /caused by: \[42P01\] Error: relation "secrets" does not exist/);
});

Deno.test("an error's text ends where causes run in a circle", () => {
  const first = new Error("first");
  const second = new Error("second", { cause: first });
  first.cause = second;
  assert.equal(errorText(first).split("caused by").length, 2);
});

Deno.test("an error's text is bounded, and anything may have been thrown", () => {
  assert.ok(errorText(new Error("x".repeat(10_000))).length <= 4_003);
  assert.equal(errorText("just text"), "just text");
  assert.equal(errorText(null), "null");
  assert.equal(errorText({ toString: {} }), "[object Object]");
});
