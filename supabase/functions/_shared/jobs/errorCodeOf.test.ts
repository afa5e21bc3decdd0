import assert from "node:assert/strict";
import { AppError } from "../errors/appError.ts";
import { errorCodeOf } from "./errorCodeOf.ts";

Deno.test("errorCodeOf prefers the code of an error over its name, and never shows a message", () => {
  assert.equal(errorCodeOf(Object.assign(new Error("relation x does not exist"), { code: "42P01" })), "42P01");
  assert.equal(errorCodeOf(new AppError("conflict", "Cannot do it")), "conflict");
  assert.equal(errorCodeOf(new TypeError("secret")), "TypeError");
  assert.equal(errorCodeOf(Object.assign(new Error("x"), { code: "a sentence, not a code" })), "Error");
  assert.equal(errorCodeOf("text"), "unknown");
  assert.equal(errorCodeOf(null), "unknown");
});
