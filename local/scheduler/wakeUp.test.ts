import assert from "node:assert/strict";
import { FakeClock } from "../../tests/harness/fakeClock.ts";
import { wakeUp } from "./wakeUp.ts";

const wake = { job: "ops-purge", functionName: "ops-purge", slotMs: Date.parse("2026-11-21T10:00:00Z") };
const target = {
  gatewayUrl: "http://127.0.0.1:54321/",
  secretKey: "sb_secret_x",
  signal: new AbortController().signal,
};

Deno.test("wakeUp posts the job and its slot with the secret key", async () => {
  const seen: Request[] = [];
  const status = await wakeUp(wake, {
    ...target,
    clock: new FakeClock(),
    fetch: (input, init) => {
      seen.push(new Request(input, init));
      return Promise.resolve(new Response("{}", { status: 202 }));
    },
  });
  assert.equal(status, 202);
  const [request] = seen;
  assert.equal(request?.url, "http://127.0.0.1:54321/functions/v1/ops-purge");
  assert.equal(request?.method, "POST");
  assert.equal(request?.headers.get("apikey"), "sb_secret_x");
  assert.deepEqual(await request?.json(), { job: "ops-purge", scheduledFor: "2026-11-21T10:00:00.000Z" });
});

Deno.test("wakeUp gives up after five seconds without an answer", async () => {
  const clock = new FakeClock();
  const waiting = wakeUp(wake, {
    ...target,
    clock,
    fetch: (_, init) =>
      new Promise((_, reject) => init?.signal?.addEventListener("abort", () => reject(init.signal?.reason))),
  });
  const outcome = assert.rejects(waiting, /Cannot wake 'ops-purge' as 'ops-purge' gave no answer in 5000 ms/);
  await clock.advance(5000);
  await outcome;
});
