import { deepEqual, equal, match } from "node:assert/strict";
import { serveFunctions } from "./servedFunctions.ts";

const echo = `export default { fetch: async (request: Request) =>
  Response.json({ method: request.method, url: request.url, body: await request.text() }) };`;

Deno.test("a request reaches its function with its URL, method and body unchanged", async () => {
  await using served = await serveFunctions({ "echo/index.ts": echo });
  const url = `${served.url}/functions/v1/echo/deep/er?a=1&b=%2F`;
  const response = await fetch(url, { method: "POST", body: "hello" });
  deepEqual(await response.json(), { method: "POST", url, body: "hello" });
});

Deno.test("functions that call Deno.serve themselves are served too", async () => {
  await using served = await serveFunctions({
    "classic/index.ts": `Deno.serve({ port: 8000 }, (request, info) =>
      new Response(new URL(request.url).pathname + " " + info.remoteAddr.hostname));`,
    "waiting/index.ts": `await Deno.serve(() => new Response("from a module that never finishes")).finished;`,
  });
  const classic = await fetch(`${served.url}/functions/v1/classic`);
  equal(await classic.text(), "/functions/v1/classic 127.0.0.1");
  const waiting = await fetch(`${served.url}/functions/v1/waiting`);
  equal(await waiting.text(), "from a module that never finishes");
});

Deno.test("an unknown function is a 404 that names the nearest", async () => {
  await using served = await serveFunctions({
    "search/index.ts": echo,
    "ops-health/index.ts": echo,
    "_shared/index.ts": echo,
    "empty/readme.md": "",
  });
  const response = await fetch(`${served.url}/functions/v1/ops-helth`);
  equal(response.status, 404);
  equal(response.headers.get("content-type"), "application/problem+json");
  const { code, details } = await response.json();
  deepEqual({ code, details }, { code: "function_not_found", details: { nearest: ["ops-health"] } });
  for (const name of ["_shared", "empty", "", "__proto__", "..%2Fsearch", "search%00"]) {
    const other = await fetch(`${served.url}/functions/v1/${name}`);
    equal((await other.json()).code, "function_not_found", name);
  }
  const outside = await fetch(`${served.url}/elsewhere`);
  equal((await outside.json()).code, "not_found");
});

Deno.test("a function that throws at load answers with its own error, the others go on", async () => {
  await using served = await serveFunctions({
    "broken/index.ts": `throw new RangeError("the recipe is missing");`,
    "unparsable/index.ts": `export default { fetch: `,
    "formless/index.ts": `export const nothing = 1;`,
    "echo/index.ts": echo,
  });
  const expected = {
    broken: /RangeError: the recipe is missing/,
    unparsable: /Expression expected|Unexpected eof/,
    formless: /neither exports \{ fetch \} as default nor calls Deno.serve/,
  };
  for (const [name, message] of Object.entries(expected)) {
    const response = await fetch(`${served.url}/functions/v1/${name}`);
    equal(response.status, 503, name);
    const { code, detail } = await response.json();
    equal(code, "function_failed_to_load");
    match(detail, message);
  }
  const fine = await fetch(`${served.url}/functions/v1/echo`);
  equal(fine.status, 200);
  await fine.body?.cancel();
  await served.logged("the recipe is missing");
});

Deno.test("what a function throws is a 500 for that request only, with its error", async () => {
  await using served = await serveFunctions({
    "thrower/index.ts": `export default { fetch(request: Request) {
      if (request.url.endsWith("?late")) Promise.reject(new Error("nobody waited for me"));
      else throw new Error("out of flour");
      return new Response("fine");
    } };`,
  });
  const response = await fetch(`${served.url}/functions/v1/thrower`);
  equal(response.status, 500);
  match((await response.json()).detail, /out of flour/);
  const late = await fetch(`${served.url}/functions/v1/thrower?late`);
  equal(await late.text(), "fine");
  await served.logged("nobody waited for me");
  const after = await fetch(`${served.url}/functions/v1/thrower?late`);
  equal(after.status, 200);
  await after.body?.cancel();
});

Deno.test("request.signal aborts when the client leaves, and not after an answer", async () => {
  await using served = await serveFunctions({
    "patient/index.ts": `export default { async fetch(request: Request) {
      request.signal.addEventListener("abort", () => console.log("aborted " + request.url));
      console.log("got " + request.url);
      if (request.url.endsWith("?quick")) return new Response("done");
      await new Promise((resolve) => request.signal.addEventListener("abort", resolve));
      return new Response();
    } };`,
  });
  const quick = await fetch(`${served.url}/functions/v1/patient?quick`);
  await quick.text();
  const controller = new AbortController();
  const slow = fetch(`${served.url}/functions/v1/patient?slow`, { signal: controller.signal }).catch(() => "left");
  await served.logged("got http");
  await served.logged("?slow");
  controller.abort();
  equal(await slow, "left");
  await served.logged("aborted");
  deepEqual(served.logs.filter((line) => line.startsWith("aborted")).map((line) => line.endsWith("?slow")), [true]);
});

Deno.test("the console and the health page tell what is served, and no secret", async () => {
  await using served = await serveFunctions({ "echo/index.ts": echo }, {
    env: {
      SUPABASE_PUBLISHABLE_KEYS: `{"default":"sb_publishable_<b>"}`,
      SUPABASE_SECRET_KEYS: `{"default":"sb_secret_x"}`,
    },
  });
  const page = await fetch(served.url);
  match(page.headers.get("content-type") ?? "", /text\/html/);
  const html = await page.text();
  match(html, /\/functions\/v1\/echo/);
  match(html, /sb_publishable_&lt;b&gt;/);
  equal(html.includes("sb_secret_x"), false);
  const health = await (await fetch(`${served.url}/health`)).json();
  deepEqual(health, { status: "ok", executionId: served.pool.isolateIds[0], functions: ["echo"] });
});

Deno.test("functions get the hosted runtime's limits: no subprocess, no FFI, no signing key", async () => {
  await using served = await serveFunctions({
    "nosy/index.ts": `export default { fetch: () => Response.json({
      mayRun: Deno.permissions.querySync({ name: "run" }).state === "granted",
      mayCallLibraries: Deno.permissions.querySync({ name: "ffi" }).state === "granted",
      key: Deno.env.get("BALLAST_SIGNING_KEY") ?? null,
      execution: Deno.env.get("SB_EXECUTION_ID"),
    }) };`,
  }, { env: { BALLAST_SIGNING_KEY: "{}" } });
  const answer = await (await fetch(`${served.url}/functions/v1/nosy`)).json();
  deepEqual(answer, { mayRun: false, mayCallLibraries: false, key: null, execution: served.pool.isolateIds[0] });
});
