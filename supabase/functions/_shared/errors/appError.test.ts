import assert from "node:assert/strict";
import { AppError } from "./appError.ts";
import { errorRegistry } from "./errorRegistry.ts";

Deno.test("an error takes its status from the registry and keeps its cause, details and headers", () => {
  const cause = new Error("driver");
  const error = new AppError("rate_limited", "Cannot answer as there were too many requests", {
    cause,
    details: { retryAfterMs: 1_500 },
    headers: { "retry-after": "2" },
  });
  assert.equal(error.status, 429);
  assert.equal(error.cause, cause);
  assert.deepEqual(error.details, { retryAfterMs: 1_500 });
  assert.deepEqual(error.headers, { "retry-after": "2" });
});

Deno.test("every kind of error has a status of its class and a title that is a sentence without a full stop", () => {
  for (const [code, kind] of Object.entries(errorRegistry)) {
    assert.match(code, /^[a-z][a-z0-9_]*$/);
    assert.ok(kind.status >= 400 && kind.status <= 599, code);
    assert.match(kind.title, /^[A-Z].*[^.]$/, code);
  }
});
