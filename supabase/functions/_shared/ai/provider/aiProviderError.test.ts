import assert from "node:assert/strict";
import { AiProviderError, failureOfStatus, retryAfterOf } from "./aiProviderError.ts";

Deno.test("what is retried costs nothing, and our own mistakes do not open the circuit", () => {
  for (const kind of ["rate_limited", "overloaded", "failed", "unreachable"] as const) {
    const { isRetryable, isFree } = new AiProviderError(kind, "");
    assert.deepEqual([isRetryable, isFree], [true, true], kind);
  }
  for (const status of [400, 401, 402, 403, 404, 413, 422, 429]) {
    assert.equal(new AiProviderError(failureOfStatus(status), "").countsForCircuit, false, String(status));
  }
  for (const status of [500, 502, 503, 504, 529]) {
    assert.equal(new AiProviderError(failureOfStatus(status), "").countsForCircuit, true, String(status));
  }
});

Deno.test("Retry-After is seconds or a date, and bounded", () => {
  const now = Date.UTC(2026, 10, 26);
  const after = (value: string) => retryAfterOf(new Headers({ "retry-after": value }), now);
  assert.deepEqual([after("2"), after("0.5"), after(new Date(now + 5_000).toUTCString())], [2_000, 500, 5_000]);
  assert.deepEqual([after("soon"), after(""), after("999999999"), retryAfterOf(undefined, now)], [
    undefined,
    undefined,
    3_600_000,
    undefined,
  ]);
  assert.equal(retryAfterOf(new Headers({ "retry-after-ms": "40", "retry-after": "9" }), now), 40);
});
