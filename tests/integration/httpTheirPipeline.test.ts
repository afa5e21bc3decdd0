import assert from "node:assert/strict";
import { defineMiddleware, pipeline } from "@supabase/middleware";
import { withCors } from "@supabase/middleware/cors";
import * as z from "zod";
import * as ours from "../../supabase/functions/_shared/http/middleware.ts";
import { fakeKeys, fakeServices } from "../../supabase/functions/_shared/http/testing/fakeServices.ts";
import { withAuth } from "../../supabase/functions/_shared/http/withAuth.ts";
import { withBody } from "../../supabase/functions/_shared/http/withBody.ts";
import { withDeadline } from "../../supabase/functions/_shared/http/withDeadline.ts";
import { withIdempotency } from "../../supabase/functions/_shared/http/withIdempotency.ts";
import { withInput } from "../../supabase/functions/_shared/http/withInput.ts";
import { withProblems } from "../../supabase/functions/_shared/http/withProblems.ts";
import { withRateLimit } from "../../supabase/functions/_shared/http/withRateLimit.ts";
import { withServerTiming } from "../../supabase/functions/_shared/http/withServerTiming.ts";
import { withTrace } from "../../supabase/functions/_shared/http/withTrace.ts";

const withRegion = defineMiddleware<"region", void, Record<never, never>, string>({
  key: "region",
  run: () => () => Promise.resolve({ region: "eu" }),
});

function stack() {
  const services = fakeServices();
  const { log } = services;
  return [
    withCors({ origin: ["https://shop.example"] }),
    withTrace(),
    withServerTiming(),
    withProblems({ log }),
    withDeadline({ deadlineMs: 1_000 }),
    withRegion(),
    withAuth({ modes: ["publishable"], env: () => services.supabaseEnv() }),
    withRateLimit({ policy: { limit: 2, windowMs: 60_000 }, name: "theirs", store: services.rateLimits, log }),
    withBody({ limitBytes: 100 }),
    withInput({ schema: z.strictObject({ text: z.string() }), source: "body" }),
    withIdempotency({ name: "theirs", store: services.idempotency, log, leaseMs: 10_000 }),
  ] as const;
}

const request = (init: RequestInit = {}) =>
  new Request("http://localhost/", {
    method: "POST",
    body: '{"text":"hi"}',
    ...init,
    headers: {
      apikey: fakeKeys.publishableKeys.default,
      "content-type": "application/json",
      origin: "https://shop.example",
      ...init.headers as Record<string, string>,
    },
  });

for (const [name, fold] of [["theirs", pipeline], ["ours", ours.pipeline]] as const) {
  Deno.test(`our middlewares and theirs stand in one pipeline, folded by ${name}`, async () => {
    const app = fold(stack(), (_request, ctx) =>
      Promise.resolve(
        Response.json({ keys: Object.keys(ctx), region: ctx.region, caller: ctx.caller.kind, input: ctx.input }),
      ));
    const response = await app(request());
    const body = await response.json();
    assert.deepEqual(body.input, { text: "hi" });
    assert.equal(body.caller, "publishable");
    assert.equal(body.region, "eu");
    assert.deepEqual(
      body.keys,
      [
        "cors",
        "trace",
        "timing",
        "problems",
        "deadline",
        "region",
        "caller",
        "rateLimit",
        "body",
        "input",
        "idempotency",
      ],
    );
    assert.equal(response.headers.get("access-control-allow-origin"), "https://shop.example");
    assert.match(response.headers.get("ratelimit") ?? "", /^"default";r=1;/);
    assert.equal(response.headers.get("x-request-id")?.length, 36);

    const bad = await app(request({ body: "{" }));
    assert.equal(bad.status, 400);
    assert.equal((await bad.json()).code, "malformed_json");
    assert.equal(bad.headers.get("access-control-allow-origin"), "https://shop.example");
    const third = await app(request());
    assert.equal((await third.json()).code, "rate_limited");
    assert.match(third.headers.get("retry-after") ?? "", /^\d+$/);
  });
}

Deno.test("theirs takes ours as a fetch handler, and what a runtime passes as second argument stays out", async () => {
  const app = ours.pipeline(
    [withTrace(), withRegion()],
    (_request, ctx) => Promise.resolve(Response.json(Object.keys(ctx))),
  );
  const platform = { SECRET: "from a runtime" };
  assert.deepEqual(await (await app(request(), platform)).json(), ["trace", "region"]);
});

Deno.test("our engine does as theirs: answers cut short, errors pass through a generator that lets them, or are caught", async () => {
  for (const define of [defineMiddleware, ours.defineMiddleware]) {
    const seen: string[] = [];
    const layer = (name: string, catches: boolean) =>
      define<string, void, Record<never, never>, string>({
        key: name,
        run: () =>
          async function* () {
            try {
              return yield { [name]: name };
            } catch (error) {
              seen.push(`${name} saw ${(error as Error).message}`);
              if (catches) return new Response("recovered");
              throw error;
            } finally {
              seen.push(`${name} ended`);
            }
          },
      })();
    const fail = () => Promise.reject(new Error("boom"));
    const app = pipeline([layer("outer", true) as never, layer("inner", false) as never], fail as never);
    assert.equal(await (await app(request())).text(), "recovered");
    assert.deepEqual(seen, ["inner saw boom", "inner ended", "outer saw boom", "outer ended"]);
    const short = define<"cut", void>({ key: "cut", run: () => () => Promise.resolve(new Response("cut short")) });
    assert.equal(await (await pipeline([short()], fail)(request())).text(), "cut short");
  }
});
