import assert from "node:assert/strict";
import { fallback } from "./fallback.ts";
import { cancelCall } from "./testing/cancelCall.ts";

const fail = () => Promise.reject(new Error("down"));

Deno.test("fallback: answers for a failure and is told why; an answer passes untouched", async () => {
  const told = fallback((error) => `instead of: ${(error as Error).message}`);
  assert.equal(await told.execute<string>(fail), "instead of: down");
  assert.equal(await told.execute(() => "fine"), "fine");
});

Deno.test("fallback: failures it does not handle surface, and so does its own", async () => {
  const picky = fallback(() => "other", { handles: (error) => error instanceof TypeError });
  await assert.rejects(picky.execute(fail), /down/);
  await assert.rejects(fallback(() => Promise.reject(new Error("also down"))).execute(fail), /also down/);
});

Deno.test("fallback: nobody is answered for who has left", async () => {
  let asked = 0;
  const policy = fallback(() => void asked++);
  const stop = new AbortController();
  const heeding = policy.execute(
    ({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("stopped")))),
    { signal: stop.signal },
  );
  stop.abort(new Error("enough"));
  await assert.rejects(heeding, /enough/);
  assert.equal((await cancelCall(policy))[0]?.outcome, "enough");
  assert.equal(asked, 0);
});
