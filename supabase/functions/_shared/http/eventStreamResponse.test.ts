import assert from "node:assert/strict";
import * as z from "zod";
import { FakeClock } from "../../../../tests/harness/fakeClock.ts";
import { sleep } from "../time/sleep.ts";
import type { RequestContext } from "./context.ts";
import { eventStream, type ServerEvent } from "./eventStream.ts";
import { eventText } from "./eventStreamResponse.ts";
import { createFunctionFactory } from "./functionFactory.ts";
import { fakeServices } from "./testing/fakeServices.ts";

function stream(events: (ctx: RequestContext) => AsyncIterable<ServerEvent>, heartbeatMs = 15_000) {
  const clock = new FakeClock();
  const fn = createFunctionFactory(() => fakeServices({ clock }))({
    name: "feed",
    summary: "Tell what happens",
    auth: ["none"],
    methods: { GET: { streams: true, handler: (_input, ctx) => eventStream(events(ctx), { heartbeatMs }) } },
  });
  return { clock, get: (headers: HeadersInit = {}) => fn.fetch(new Request("http://localhost/", { headers })) };
}

Deno.test("events go out in their format, one after another, and the stream ends with its source", async () => {
  const { get, clock } = stream(async function* () {
    yield { id: "1", event: "order", data: { total: 5 } };
    yield await Promise.resolve({ id: "2", data: "two\nlines" });
  });
  const response = await get();
  assert.equal(response.headers.get("content-type"), "text/event-stream");
  assert.equal(response.headers.get("cache-control"), "no-store");
  assert.equal(response.headers.get("x-accel-buffering"), "no");
  assert.equal(
    await response.text(),
    'retry: 2000\n\nevent: order\nid: 1\ndata: {"total":5}\n\nid: 2\ndata: two\ndata: lines\n\n',
  );
  assert.equal(clock.pendingTimers, 0);
});

Deno.test("a client that comes back says where it left off", async () => {
  const { get } = stream(async function* (ctx) {
    yield await Promise.resolve({ data: ctx.lastEventId ?? "from the start" });
  });
  assert.match(await (await get({ "last-event-id": "41" })).text(), /data: 41\n/);
  assert.match(await (await get()).text(), /data: from the start\n/);
});

Deno.test("when the client leaves, the source's wait is aborted and its cleanup runs", async () => {
  const seen: string[] = [];
  const { get, clock } = stream(async function* (ctx) {
    try {
      yield { data: "first" };
      await sleep(1_000_000, { signal: ctx.signal, clock });
    } finally {
      seen.push("closed", ctx.signal.reason?.name);
    }
  });
  const reader = (await get()).body!.getReader();
  await reader.read();
  await reader.read();
  await clock.advance(10);
  await reader.cancel();
  await clock.advance(0);
  assert.deepEqual(seen, ["closed", "AbortError"]);
  assert.equal(clock.pendingTimers, 0);
});

Deno.test("a source that is no generator is closed as well, when the client leaves and at the end", async () => {
  for (const end of ["leaves", "time"]) {
    let closed = 0;
    const events: AsyncIterable<ServerEvent> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => {}),
        return: () => Promise.resolve({ done: true, value: ++closed }),
      }),
    };
    const { get, clock } = stream(() => events);
    const reader = (await get()).body!.getReader();
    await reader.read();
    await (end === "leaves" ? reader.cancel() : clock.advance(140_000));
    assert.equal(closed, 1, end);
  }
});

Deno.test("a silent stream gives signs of life, and ends before the platform would cut it", async () => {
  let isClosed = false;
  const { get, clock } = stream(async function* (ctx) {
    try {
      await sleep(1_000_000, { signal: ctx.signal, clock });
      yield { data: "never" };
    } finally {
      isClosed = true;
    }
  }, 30_000);
  const text = (await get()).text();
  await clock.advance(139_999);
  assert.equal(isClosed, false);
  await clock.advance(1);
  assert.equal(await text, `retry: 2000\n\n${": still here\n\n".repeat(4)}`);
  assert.equal(isClosed, true);
  assert.equal(clock.pendingTimers, 0);
});

Deno.test("a source is asked for no more than the client takes", async () => {
  let produced = 0;
  const { get } = stream(async function* () {
    for (;;) yield await Promise.resolve({ data: ++produced });
  });
  const reader = (await get()).body!.getReader();
  for (let read = 0; read < 4; read++) await reader.read();
  assert.ok(produced <= 5, `${produced} were produced for 3 that were read`);
  await reader.cancel();
});

Deno.test("a source that fails breaks the stream off, so that the client reconnects", async () => {
  const { get, clock } = stream(async function* () {
    yield await Promise.resolve({ id: "1", data: 1 });
    throw new Error("source died");
  });
  await assert.rejects((await get()).text());
  assert.equal(clock.pendingTimers, 0);
});

Deno.test("HEAD of a stream closes its source", async () => {
  const clock = new FakeClock();
  const fn = createFunctionFactory(() => fakeServices({ clock }))({
    name: "feed",
    summary: "Tell what happens",
    auth: ["none"],
    methods: {
      GET: {
        streams: true,
        handler: () =>
          eventStream(async function* () {
            yield await Promise.resolve({ data: 1 });
          }()),
      },
    },
  });
  const response = await fn.fetch(new Request("http://localhost/", { method: "HEAD" }));
  assert.equal(response.headers.get("content-type"), "text/event-stream");
  assert.equal(response.body, null);
  assert.equal(clock.pendingTimers, 0);
});

Deno.test("an id or a name cannot smuggle in a field of its own", () => {
  assert.throws(() => eventText({ id: "1\ndata: forged", data: 1 }), /'id' has a line break/);
  assert.throws(() => eventText({ event: "a\rb", data: 1 }), /'event' has a line break/);
  assert.equal(eventText({ data: "a\r\nevent: b" }), "data: a\ndata: event: b\n\n");
  assert.equal(eventText({ data: undefined }), "data: null\n\n");
});

Deno.test("a stream that was not declared, or declared and not given, does not fit the contract", async () => {
  const define = createFunctionFactory(() => fakeServices());
  const events = async function* () {
    yield await Promise.resolve({ data: 1 });
  };
  const contract = { name: "feed", summary: "Tell what happens", auth: ["none"] } as const;
  const undeclared = define({ ...contract, methods: { GET: { handler: () => eventStream(events()) } } });
  const notGiven = define({ ...contract, methods: { GET: { streams: true, handler: () => {} } } });
  for (const { fetch } of [undeclared, notGiven]) {
    assert.equal((await (await fetch(new Request("http://localhost/"))).json()).code, "invalid_output");
  }
});

Deno.test("streamed on request, the answer is events or JSON as the use case has it, and JSON is still checked", async () => {
  const events = async function* () {
    yield await Promise.resolve({ data: 1 });
  };
  const { fetch } = createFunctionFactory(() => fakeServices())({
    name: "feed",
    summary: "Tell what happens",
    auth: ["none"],
    methods: {
      GET: {
        input: z.strictObject({ as: z.string() }),
        output: z.object({ text: z.string() }),
        streams: "on-request",
        handler: ({ as }) => as === "events" ? eventStream(events()) : { text: as === "json" ? "all" : 5 as never },
      },
    },
  });
  const ask = (as: string) => fetch(new Request(`http://localhost/?as=${as}`));
  assert.match(await (await ask("events")).text(), /data: 1/);
  assert.deepEqual(await (await ask("json")).json(), { text: "all" });
  assert.equal((await (await ask("else")).json()).code, "invalid_output");
});
