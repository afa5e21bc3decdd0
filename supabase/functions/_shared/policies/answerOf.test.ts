import assert from "node:assert/strict";
import { answerOf, DependencyError } from "./answerOf.ts";
import { isRetryable } from "./isRetryable.ts";

Deno.test("answerOf: what tells of a failure is one, may be tried again, and keeps its Retry-After", async () => {
  for (const status of [408, 425, 429, 500, 502, 503, 504]) {
    const failed = new Response("sorry", { status, headers: { "retry-after": "2" } });
    await assert.rejects(
      answerOf(failed),
      (error) =>
        error instanceof DependencyError && error.status === status && error.retryAfterMs === 2_000 &&
        isRetryable(error),
    );
    assert.equal((await failed.body!.getReader().read()).done, true); // Nothing holds the connection.
  }
});

Deno.test("answerOf: every other answer passes as it is", async () => {
  for (const status of [200, 304, 404, 409, 422, 501]) {
    const answer = new Response(null, { status });
    assert.equal(await answerOf(Promise.resolve(answer)), answer);
  }
});
