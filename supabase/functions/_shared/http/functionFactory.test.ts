import assert from "node:assert/strict";
import * as z from "zod";
import { RecordingObserver } from "../../../../tests/harness/recordingObserver.ts";
import { isolateHub } from "../telemetry/kernelHub.ts";
import { type CauseScope, currentCause } from "../telemetry/causeScope.ts";
import { createFunctionFactory } from "./functionFactory.ts";
import { fakeKeys, fakeServices } from "./testing/fakeServices.ts";

const publishable = { apikey: fakeKeys.publishableKeys.default };

function echo(services = fakeServices()) {
  let runs = 0;
  const fn = createFunctionFactory(() => services)({
    name: "echo",
    summary: "Answer with what was sent",
    auth: ["publishable"],
    methods: {
      GET: {
        input: z.strictObject({ text: z.string(), times: z.coerce.number().default(1) }),
        output: z.object({ text: z.string() }),
        handler: ({ text, times }) => {
          runs++;
          return { text: text.repeat(times) };
        },
      },
      POST: {
        input: z.strictObject({ text: z.string() }),
        output: z.object({ text: z.string() }),
        status: 201,
        bodyLimitBytes: 1_000,
        handler: ({ text }, ctx) => {
          runs++;
          if (text === "throw") throw new Error("password=hunter2");
          if (text === "admin") void ctx.admin;
          return { text, extra: "not in the contract" } as { text: string };
        },
      },
      DELETE: { handler: () => void runs++ },
    },
  });
  const call = (method: string, init: RequestInit & { query?: string } = {}) =>
    fn.fetch(
      new Request(`http://localhost/functions/v1/echo${init.query ?? ""}`, {
        method,
        ...init,
        headers: { ...publishable, ...(init.headers as Record<string, string>) },
      }),
    );
  const post = (body: BodyInit, headers: Record<string, string> = { "content-type": "application/json" }) =>
    call("POST", { body, headers });
  return { fn, call, post, services, runs: () => runs };
}

Deno.test("a declaration answers with its checked output, and tells nothing the contract does not promise", async () => {
  const response = await echo().post('{"text":"hello"}');
  assert.equal(response.status, 201);
  assert.deepEqual(await response.json(), { text: "hello" });
  assert.equal(response.headers.get("content-type"), "application/json");
  assert.equal(response.headers.get("cache-control"), "no-store");
  assert.match(response.headers.get("server-timing") ?? "", /use-case;dur=\d+\.\d\d, total;dur=\d+\.\d\d$/);
  assert.match(response.headers.get("x-request-id") ?? "", /^[0-9a-f-]{36}$/);
  assert.equal(response.headers.get("access-control-allow-origin"), "*");
  assert.equal(response.headers.get("access-control-expose-headers"), "*");
});

Deno.test("GET takes its input from the query, and HEAD is GET without a body", async () => {
  const { call } = echo();
  const get = await call("GET", { query: "?text=ab&times=3" });
  assert.deepEqual(await get.json(), { text: "ababab" });
  const head = await call("HEAD", { query: "?text=ab&times=3" });
  assert.equal(head.status, 200);
  assert.equal(head.body, null);
  assert.equal(head.headers.get("content-type"), "application/json");
});

Deno.test("a method without output answers 204", async () => {
  const response = await echo().call("DELETE");
  assert.equal(response.status, 204);
  assert.equal(response.body, null);
});

Deno.test("OPTIONS says what is allowed, to browsers and to others, without credentials", async () => {
  const { fn } = echo();
  const bare = await fn.fetch(new Request("http://localhost/", { method: "OPTIONS" }));
  assert.equal(bare.status, 204);
  assert.equal(bare.headers.get("allow"), "GET, POST, DELETE, HEAD, OPTIONS");
  const preflight = await fn.fetch(
    new Request("http://localhost/", {
      method: "OPTIONS",
      headers: {
        origin: "https://shop.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization, x-client-info",
      },
    }),
  );
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers.get("access-control-allow-headers"), "authorization, x-client-info");
  assert.equal(preflight.headers.get("access-control-allow-methods"), "GET, POST, DELETE, HEAD, OPTIONS");
});

Deno.test("a method the function does not have is 405 with what it has", async () => {
  const { call, runs } = echo();
  for (const method of ["PUT", "PATCH", "PROPFIND", "toString", "constructor"]) {
    const response = await call(method);
    const problem = await response.json();
    assert.equal(response.status, 405, method);
    assert.equal(problem.code, "method_not_allowed");
    assert.equal(response.headers.get("allow"), "GET, POST, DELETE, HEAD, OPTIONS");
    assert.equal(response.headers.get("access-control-allow-origin"), "*");
  }
  assert.equal(runs(), 0);
});

Deno.test("each way a body can be bad has its own code, and none reaches the use case", async () => {
  const { call, post, runs } = echo();
  const json = { "content-type": "application/json" };
  const cases: [string, number, string, () => Promise<Response>][] = [
    ["not JSON", 400, "malformed_json", () => post('{"text":')],
    ["not UTF-8", 400, "malformed_utf8", () => post(new Uint8Array([0x22, 0xff, 0xfe, 0x22]))],
    [
      "not said to be JSON",
      415,
      "unsupported_media_type",
      () => post('{"text":"a"}', { "content-type": "text/plain" }),
    ],
    ["of no type", 415, "unsupported_media_type", () => post(new TextEncoder().encode('{"text":"a"}'), {})],
    ["too large", 413, "body_too_large", () => post(JSON.stringify({ text: "x".repeat(1_000) }))],
    ["of a wrong type", 422, "invalid_input", () => post('{"text":1}')],
    ["with an unknown field", 422, "invalid_input", () => post('{"text":"a","more":1}')],
    ["with a hostile key", 422, "invalid_input", () => post('{"text":"a","__proto__":{"admin":true}}')],
    ["missing", 422, "invalid_input", () => call("POST", { headers: json })],
    ["nested without end", 422, "invalid_input", () => post("[".repeat(500))],
    ["an array", 422, "invalid_input", () => post("[]")],
    ["sent where none is taken", 422, "invalid_input", () => call("DELETE", { query: "?id=1" })],
    ["an unknown query field", 422, "invalid_input", () => call("GET", { query: "?text=a&__proto__=b" })],
  ];
  for (const [name, status, code, send] of cases) {
    const response = await send();
    const problem = await response.json();
    assert.equal(problem.code, code, `${name}: ${JSON.stringify(problem)}`);
    assert.equal(response.status, status, name);
    assert.equal(response.headers.get("content-type"), "application/problem+json", name);
    assert.equal(response.headers.get("cache-control"), "no-store", name);
    assert.equal(problem.requestId, response.headers.get("x-request-id"), name);
    assert.equal(problem.type, `urn:ballast:problem:${code}`, name);
  }
  assert.equal(runs(), 0);
});

Deno.test("what a use case throws stays inside: the caller gets a code, the log gets the words", async () => {
  const { post, services } = echo();
  const response = await post('{"text":"throw"}');
  const text = await response.text();
  assert.equal(response.status, 500);
  assert.doesNotMatch(text, /hunter2|at file|\.ts/);
  assert.equal(JSON.parse(text).code, "internal");
  const line = services.logged.find(({ level }) => level === "error");
  assert.match(String(line?.fields.error), /hunter2/);
  assert.equal(line?.fields.function, "echo");
  assert.equal(line?.fields.requestId, response.headers.get("x-request-id"));
});

Deno.test("nothing is logged of a success", async () => {
  const { post, services } = echo();
  await post('{"text":"hello"}');
  assert.deepEqual(services.logged, []);
});

Deno.test("the database with all rights is closed to a function that does not declare it", async () => {
  const { post, services } = echo();
  const response = await post('{"text":"admin"}');
  assert.equal(response.status, 500);
  assert.match(String(services.logged[0]?.fields.error), /'echo' does not declare 'admin: true'/);
});

Deno.test("a result that does not fit the contract is our failure, and stays inside", async () => {
  const services = fakeServices();
  const fn = createFunctionFactory(() => services)({
    name: "wrong",
    summary: "Answer wrongly",
    auth: ["none"],
    methods: { GET: { output: z.object({ count: z.int() }), handler: () => ({ count: 1.5 }) } },
  });
  const response = await fn.fetch(new Request("http://localhost/"));
  const problem = await response.json();
  assert.equal(problem.code, "invalid_output");
  assert.equal(problem.details, undefined);
  assert.match(String(services.logged[0]?.fields.error), /count/);
});

Deno.test("a caller's request id and trace are kept, but not when they could forge log lines", async () => {
  const { call } = echo();
  const kept = await call("GET", { query: "?text=a", headers: { "x-request-id": "order-17.a" } });
  assert.equal(kept.headers.get("x-request-id"), "order-17.a");
  const refused = await call("GET", { query: "?text=a", headers: { "x-request-id": 'a","level":"error' } });
  assert.match(refused.headers.get("x-request-id") ?? "", /^[0-9a-f-]{36}$/);
});

Deno.test("what runs knows on whose behalf, by plain values that keep nothing of the request alive", async () => {
  let scope: CauseScope | undefined;
  const fn = createFunctionFactory(() => fakeServices())({
    name: "look",
    summary: "Look on whose behalf it runs",
    auth: ["publishable"],
    methods: { DELETE: { handler: () => void (scope = currentCause()) } },
  });
  const traceparent = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
  const headers = { ...publishable, "x-request-id": "r1", traceparent };
  await fn.fetch(new Request("http://localhost/functions/v1/look", { method: "DELETE", headers }));
  const { requestId, functionName, callerSpan } = scope!;
  assert.deepEqual({ requestId, functionName, callerSpan }, {
    requestId: "r1",
    functionName: "look",
    callerSpan: traceparent,
  });
  for (const [name, { value, get }] of Object.entries(Object.getOwnPropertyDescriptors(scope))) {
    assert.ok(get === undefined && ["string", "number"].includes(typeof value), name);
  }
});

Deno.test("services are asked for at the first request, once, and not at definition", async () => {
  let asked = 0;
  const define = createFunctionFactory(() => {
    asked++;
    return fakeServices();
  });
  const one = define({ name: "one", summary: "One", auth: ["none"], methods: { GET: { handler: () => {} } } });
  const two = define({ name: "two", summary: "Two", auth: ["none"], methods: { GET: { handler: () => {} } } });
  assert.equal(asked, 0);
  await one.fetch(new Request("http://localhost/"));
  await two.fetch(new Request("http://localhost/"));
  assert.equal(asked, 1);
});

Deno.test("the contract tells everything but the use cases", () => {
  const { contract } = echo().fn;
  assert.deepEqual(Object.keys(contract.methods), ["GET", "POST", "DELETE"]);
  assert.equal(contract.admin, false);
  assert.ok(!("handler" in contract.methods.POST!));
});

Deno.test("a rate limit is told on every answer, counted a caller and a method, and refused with a time", async () => {
  const services = fakeServices();
  const fn = createFunctionFactory(() => services)({
    name: "limited",
    summary: "Answer twice a minute",
    auth: ["none"],
    methods: {
      GET: { rateLimit: { limit: 2, windowMs: 60_000 }, handler: () => {} },
      POST: { rateLimit: { limit: 2, windowMs: 60_000 }, handler: () => {} },
    },
  });
  const call = (address: string, method = "GET") =>
    fn.fetch(new Request("http://localhost/", { method, headers: { "x-forwarded-for": address } }));
  const first = await call("203.0.113.1");
  assert.equal(first.headers.get("ratelimit-policy"), '"default";q=2;w=60');
  assert.equal(first.headers.get("ratelimit"), '"default";r=1;t=30');
  assert.equal((await call("203.0.113.1", "HEAD")).headers.get("ratelimit"), '"default";r=0;t=60');
  const observer = new RecordingObserver();
  const leave = isolateHub.watch(observer);
  const refused = await call("203.0.113.1");
  leave();
  assert.equal(refused.status, 429);
  assert.deepEqual(observer.events.filter(({ kind }) => kind === "shed"), [
    { kind: "shed", subject: "rate-limit", detail: { name: "limited GET" } },
  ]);
  assert.equal(observer.counts.get("http.rate_limited"), 1);
  assert.equal(refused.headers.get("retry-after"), "30");
  assert.equal(refused.headers.get("ratelimit"), '"default";r=0;t=60');
  const problem = await refused.json();
  assert.equal(problem.code, "rate_limited");
  assert.ok(problem.details.retryAfterMs > 29_000 && problem.details.retryAfterMs <= 30_000);
  assert.equal((await call("203.0.113.2")).status, 204);
  assert.equal((await call("203.0.113.1", "POST")).status, 204);
});
