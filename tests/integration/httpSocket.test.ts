import assert from "node:assert/strict";
import * as z from "zod";
import type { EdgeFunction } from "../../supabase/functions/_shared/http/contract.ts";
import { eventStream } from "../../supabase/functions/_shared/http/eventStream.ts";
import { createFunctionFactory } from "../../supabase/functions/_shared/http/functionFactory.ts";
import { fakeServices } from "../../supabase/functions/_shared/http/testing/fakeServices.ts";
import { sleep } from "../../supabase/functions/_shared/time/sleep.ts";

const define = createFunctionFactory(() => fakeServices());
const contract = { name: "socket", summary: "Talk over a socket", auth: ["none"] } as const;

function serve(fn: EdgeFunction) {
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => fn.fetch(request));
  const url = `http://127.0.0.1:${server.addr.port}/`;
  return { url, [Symbol.asyncDispose]: () => server.shutdown() };
}

Deno.test("over a socket, a reader who leaves an event stream closes its source", async () => {
  const closed = Promise.withResolvers<string>();
  await using server = serve(define({
    ...contract,
    methods: {
      GET: {
        streams: true,
        handler: (_input, { signal }) =>
          eventStream((async function* () {
            try {
              yield { id: "1", data: "hello" };
              await sleep(60_000, { signal });
            } finally {
              closed.resolve(signal.reason?.name);
            }
          })()),
      },
    },
  }));
  const client = new AbortController();
  const response = await fetch(server.url, { signal: client.signal });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("hello")) text += (await reader.read()).value;
  client.abort();
  await reader.read().catch(() => {});
  assert.equal(await closed.promise, "AbortError");
});

Deno.test("over a socket, a client who leaves aborts the work, and one who stays does not after its answer", async () => {
  const started = Promise.withResolvers<void>();
  const aborted = Promise.withResolvers<string>();
  const signals: AbortSignal[] = [];
  await using server = serve(define({
    ...contract,
    methods: {
      GET: {
        output: z.string(),
        handler: (_input, { signal }) => {
          signals.push(signal);
          return "done";
        },
      },
      POST: {
        handler: async (_input, { signal }) => {
          started.resolve();
          await sleep(60_000, { signal }).catch((reason) => aborted.resolve(reason.name));
        },
      },
    },
  }));
  const client = new AbortController();
  const leaving = fetch(server.url, { method: "POST", signal: client.signal }).catch(() => "left");
  await started.promise;
  client.abort();
  assert.equal(await leaving, "left");
  assert.equal(await aborted.promise, "AbortError");
  for (let call = 0; call < 3; call++) assert.equal(await (await fetch(server.url)).json(), "done");
  assert.deepEqual(signals.map((signal) => signal.aborted), [false, false, false]);
});

Deno.test("over a socket, 10 MB are refused and the next request is served", async () => {
  let runs = 0;
  await using server = serve(define({
    ...contract,
    methods: { POST: { input: z.strictObject({ text: z.string() }), handler: () => void runs++ } },
  }));
  const headers = { "content-type": "application/json" };
  const large = JSON.stringify({ text: "x".repeat(10 * 1024 * 1024) });
  const chunked = () => new Blob([large]).stream();
  for (const body of [large, chunked()]) {
    // A sender that is cut off sees the answer, or a broken pipe if it was quick to write on.
    const status = await fetch(server.url, { method: "POST", headers, body }).then(async (response) => {
      await response.body?.cancel();
      return response.status;
    }, () => "cut off");
    assert.ok(status === 413 || status === "cut off", String(status));
  }
  const response = await fetch(server.url, { method: "POST", headers, body: '{"text":"small"}' });
  assert.equal(response.status, 204);
  assert.equal(runs, 1);
});
