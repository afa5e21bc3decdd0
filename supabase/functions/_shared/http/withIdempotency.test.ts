import assert from "node:assert/strict";
import * as z from "zod";
import { FakeClock } from "../../../../tests/harness/fakeClock.ts";
import { RecordingObserver } from "../../../../tests/harness/recordingObserver.ts";
import { isolateHub } from "../telemetry/kernelHub.ts";
import { AppError } from "../errors/appError.ts";
import { createFunctionFactory } from "./functionFactory.ts";
import { pipeline } from "./middleware.ts";
import { fakeKeys, fakeServices } from "./testing/fakeServices.ts";
import { tokenMaker } from "./testing/tokenMaker.ts";
import { withAuth } from "./withAuth.ts";
import { withBody } from "./withBody.ts";
import { withIdempotency } from "./withIdempotency.ts";

const maker = await tokenMaker();
const ada = await maker.sign();
const bob = await maker.sign({ sub: "6f1c1f9e-0000-4000-8000-000000000002" });

function orders(work: (text: string, run: number) => unknown = (text, run) => ({ text, run })) {
  const clock = new FakeClock(Date.now());
  const services = fakeServices({ clock, jwks: maker.jwks });
  let runs = 0;
  const fn = createFunctionFactory(() => services)({
    name: "orders",
    summary: "Place an order",
    auth: ["user", "publishable", "none"],
    methods: {
      POST: {
        input: z.strictObject({ text: z.string() }),
        output: z.object({ text: z.string(), run: z.number() }),
        status: 201,
        idempotent: true,
        deadlineMs: 5_000,
        handler: ({ text }) => work(text, ++runs) as { text: string; run: number },
      },
      DELETE: { idempotent: true, handler: () => void ++runs },
    },
  });
  const send = (key: string, text: string, headers: Record<string, string> = { authorization: `Bearer ${ada}` }) =>
    fn.fetch(
      new Request("http://localhost/functions/v1/orders", {
        method: "POST",
        body: JSON.stringify({ text }),
        headers: { "content-type": "application/json", "idempotency-key": key, ...headers },
      }),
    );
  return { fn, send, clock, services, runs: () => runs };
}

Deno.test("the same key and body get the stored answer, status and headers included", async () => {
  const { send, runs } = orders();
  const first = await send("k1", "a");
  const observer = new RecordingObserver();
  const leave = isolateHub.watch(observer);
  const again = await send("k1", "a");
  leave();
  assert.equal(observer.counts.get("http.replayed"), 1);
  assert.equal(first.headers.get("idempotency-replayed"), null);
  assert.equal(again.headers.get("idempotency-replayed"), "true");
  assert.equal(again.status, 201);
  assert.equal(again.headers.get("content-type"), "application/json");
  assert.deepEqual(await again.json(), await first.json());
  assert.notEqual(again.headers.get("x-request-id"), first.headers.get("x-request-id"));
  assert.equal(runs(), 1);
});

Deno.test("the same key with another body is 422", async () => {
  const { send, runs } = orders();
  await send("k1", "a");
  const reused = await send("k1", "b");
  assert.equal(reused.status, 422);
  assert.equal((await reused.json()).code, "idempotency_key_reused");
  assert.equal(runs(), 1);
});

Deno.test("while the first runs, a second is 409 and told when to come back", async () => {
  const gate = Promise.withResolvers<unknown>();
  const { send, runs } = orders(() => gate.promise);
  const first = send("k1", "a");
  while (runs() === 0) await new Promise((resolve) => setTimeout(resolve, 0));
  const second = await send("k1", "a");
  assert.equal(second.status, 409);
  assert.equal((await second.json()).code, "request_in_progress");
  assert.match(second.headers.get("retry-after") ?? "", /^\d+$/);
  gate.resolve({ text: "a", run: 1 });
  assert.equal((await first).status, 201);
  assert.equal((await send("k1", "a")).headers.get("idempotency-replayed"), "true");
});

Deno.test("what failed is not kept: its retry runs", async () => {
  const failures: unknown[] = [new Error("boom"), new AppError("not_found", "Cannot order as it is sold out"), {
    wrong: 1,
  }];
  const { send, runs } = orders((text, run) => {
    const failure = failures[run - 1];
    if (failure instanceof Error) throw failure;
    return failure ?? { text, run };
  });
  assert.equal((await send("k1", "a")).status, 500);
  assert.equal((await send("k1", "a")).status, 404);
  assert.equal((await send("k1", "a")).status, 500);
  assert.equal((await send("k1", "a")).status, 201);
  assert.equal(runs(), 4);
});

Deno.test("a use case that outlives its deadline still settles its key: the retry gets its answer", async () => {
  const gate = Promise.withResolvers<unknown>();
  const { send, clock, services, runs } = orders(() => gate.promise);
  const first = send("k1", "a");
  while (runs() === 0) await new Promise((resolve) => setTimeout(resolve, 0));
  await clock.advance(5_000);
  assert.equal((await first).status, 504);
  assert.equal((await send("k1", "a")).status, 409);
  gate.resolve({ text: "a", run: 1 });
  await Promise.all(services.background);
  const again = await send("k1", "a");
  assert.equal(again.status, 201);
  assert.equal(again.headers.get("idempotency-replayed"), "true");
  assert.equal(runs(), 1);
});

Deno.test("a runner that died blocks its key for its lease and no longer", async () => {
  const { send, clock, runs } = orders((text, run) => run === 1 ? new Promise(() => {}) : { text, run });
  void send("k1", "a").catch(() => {});
  while (runs() === 0) await new Promise((resolve) => setTimeout(resolve, 0));
  await clock.advance(14_999);
  assert.equal((await send("k1", "a")).status, 409);
  await clock.advance(1);
  assert.equal((await send("k1", "a")).status, 201);
});

Deno.test("callers have keys of their own, and those who share an identity too", async () => {
  const { send, runs } = orders();
  const shopper = (address: string) => ({ apikey: fakeKeys.publishableKeys.default, "x-forwarded-for": address });
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const uuid = "1b4e28ba-2fa1-4d3b-883f-0016d3cca427";
  const sent: [string, Record<string, string>, boolean][] = [
    ["1", bearer(ada), false],
    ["1", bearer(bob), false],
    ["1", bearer(ada), true],
    ["1", shopper("203.0.113.1"), false],
    ["1", shopper("203.0.113.2"), false],
    ["1", shopper("203.0.113.1"), true],
    ["1", { "x-forwarded-for": "203.0.113.1" }, false],
    [uuid, shopper("203.0.113.1"), false],
    [uuid, shopper("203.0.113.2"), true], // The same phone in another network.
    [uuid, { "x-forwarded-for": "203.0.113.1" }, false],
  ];
  for (const [index, [key, headers, isReplay]] of sent.entries()) {
    const response = await send(key, "a", headers);
    assert.equal(response.headers.get("idempotency-replayed") === "true", isReplay, `request ${index}`);
  }
  assert.equal(runs(), sent.filter(([, , isReplay]) => !isReplay).length);
});

Deno.test("keys that cannot be kept are refused, and no header means no key", async () => {
  const { send, fn, runs } = orders();
  for (const key of ["", "with space", "x".repeat(256), "caf\u00e9"]) {
    const response = await send(key, "a");
    assert.equal((await response.json()).code, "invalid_idempotency_key", JSON.stringify(key));
    assert.equal(response.status, 400);
  }
  assert.equal(runs(), 0);
  for (let send = 0; send < 2; send++) await fn.fetch(new Request("http://localhost/", { method: "DELETE" }));
  assert.equal(runs(), 2);
});

Deno.test("an answer without a body is repeated as such; one too large to keep is not run again", async () => {
  const { fn, send, runs } = orders((_text, run) => ({ text: "x".repeat(300_000), run }));
  const remove = () =>
    fn.fetch(new Request("http://localhost/", { method: "DELETE", headers: { "idempotency-key": "d" } }));
  assert.equal((await remove()).status, 204);
  const again = await remove();
  assert.equal(again.status, 204);
  assert.equal(again.headers.get("idempotency-replayed"), "true");
  const large = await send("k1", "a");
  assert.equal((await large.json()).text.length, 300_000);
  const repeat = await send("k1", "a");
  assert.equal(repeat.status, 409);
  assert.equal((await repeat.json()).code, "conflict");
  assert.equal(runs(), 2);
});

Deno.test("an answer of 500 and above that a handler makes itself is not kept, one below is", async () => {
  const services = fakeServices();
  for (const [status, runsTwice] of [[503, true], [404, false]] as const) {
    let runs = 0;
    const app = pipeline(
      [
        withAuth({ modes: ["none"], env: services.supabaseEnv }),
        withBody(),
        withIdempotency({ name: `status ${status}`, store: services.idempotency, log: services.log, leaseMs: 1_000 }),
      ],
      () => Promise.resolve(new Response(String(++runs), { status })),
    );
    const call = () => app(new Request("http://localhost/", { method: "POST", headers: { "idempotency-key": "k" } }));
    assert.equal(await (await call()).text(), "1");
    assert.equal(await (await call()).text(), runsTwice ? "2" : "1");
  }
});
