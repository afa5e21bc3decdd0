import assert from "node:assert/strict";
import * as z from "zod";
import { FakeClock } from "../../../../tests/harness/fakeClock.ts";
import { AppError } from "../errors/appError.ts";
import { IsolateMonitor } from "../monitor/isolateMonitor.ts";
import type { TelemetryFrame } from "../monitor/telemetryFrame.ts";
import { seededRandom } from "../random/seededRandom.ts";
import { createFunctionFactory } from "./functionFactory.ts";
import { fakeServices } from "./testing/fakeServices.ts";
import { textAnswer } from "./textAnswer.ts";

/** A function that measures itself, and what its monitor has written. */
function measured() {
  const clock = new FakeClock();
  const written: TelemetryFrame[] = [];
  const background: Promise<unknown>[] = [];
  const monitor = new IsolateMonitor({
    store: { record: (_sender, frames) => Promise.resolve(void written.push(...frames)) },
    isolate: () => "one",
    clock,
    random: seededRandom(1),
    waitUntil: (work) => void background.push(work),
  });
  const fn = createFunctionFactory(() => fakeServices({ clock, monitor }))({
    name: "orders",
    summary: "Take orders",
    auth: ["none"],
    methods: {
      GET: {
        input: z.strictObject({ as: z.enum(["json", "text", "broken", "busy"]) }),
        output: z.object({ text: z.string() }),
        textType: "text/csv",
        handler: async ({ as }, ctx) => {
          ctx.monitor.count("orders.read");
          await ctx.monitor.time("price", () => clock.advance(3));
          await clock.advance(7);
          if (as === "broken") throw new Error("secret words");
          if (as === "busy") {
            throw new AppError("overloaded", "Cannot answer now", { details: { retryAfterMs: 1_000 } });
          }
          return as === "text" ? textAnswer("a,b") : { text: "a" };
        },
      },
    },
  });
  const ask = (query: string, init: RequestInit = {}) => fn.fetch(new Request(`http://localhost/orders${query}`, init));
  return { ask, clock, monitor, written, settled: () => Promise.all(background.splice(0)) };
}

Deno.test("each request is measured by function and method, 5xx as failures with the problem's code, on the request's behalf", async () => {
  const { ask, monitor, written } = measured();
  const answers: Response[] = [];
  for (const query of ["?as=json", "?as=broken", "?as=busy", "?as=nonsense"]) answers.push(await ask(query));
  assert.deepEqual(answers.map(({ status }) => status), [200, 500, 503, 422]);
  await monitor.flush();
  const [frame, ...others] = written;
  assert.deepEqual(others, []);
  const series = frame!.series.map(({ fn, op, n, failed, max }) => [fn, op, n, failed, max]);
  assert.deepEqual(series.toSorted(), [["orders", "http.GET", 4, 2, 10], ["orders", "price", 3, 0, 3]]);
  assert.deepEqual(frame!.counters, { "orders.read": 3 });
  assert.deepEqual(
    frame!.events.map(({ kind, subject, cause, request, fn, detail }) => ({
      kind,
      subject,
      cause,
      request,
      fn,
      detail,
    })),
    [["internal", 500, 1], ["overloaded", 503, 2]].map(([code, status, place]) => ({
      kind: "failure",
      subject: "orders",
      cause: `error:${code}`,
      request: answers[place as number]!.headers.get("x-request-id"),
      fn: "orders",
      detail: { status, method: "GET" },
    })),
  );
  assert.ok(!JSON.stringify(written).includes("secret words"));
});

Deno.test("a write that is due is made behind the answer, by whoever is answered then", async () => {
  const { ask, clock, written, settled } = measured();
  await ask("?as=json");
  assert.equal(written.length, 0);
  await clock.advance(10_000);
  await ask("?as=json");
  await settled();
  assert.equal(written.flatMap(({ series }) => series).find(({ op }) => op === "http.GET")!.n, 2);
});

Deno.test("a text is answered under the media type of the contract, and JSON beside it", async () => {
  const { ask } = measured();
  const [text, json] = [await ask("?as=text"), await ask("?as=json")];
  assert.deepEqual([
    text.status,
    text.headers.get("content-type"),
    text.headers.get("cache-control"),
    await text.text(),
  ], [
    200,
    "text/csv",
    "no-store",
    "a,b",
  ]);
  assert.deepEqual([json.headers.get("content-type"), await json.json()], ["application/json", { text: "a" }]);
});
