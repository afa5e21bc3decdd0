import assert from "node:assert/strict";
import { pipeline } from "@supabase/middleware";
import { withCors } from "@supabase/middleware/cors";
import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import { withDeadline } from "../../supabase/functions/_shared/http/withDeadline.ts";
import { answerOf } from "../../supabase/functions/_shared/policies/answerOf.ts";
import { fallback } from "../../supabase/functions/_shared/policies/fallback.ts";
import { postgresRetryBudgetStore } from "../../supabase/functions/_shared/policies/postgresRetryBudgetStore.ts";
import { withResilience } from "../../supabase/functions/_shared/policies/withResilience.ts";
import { testDatabase } from "../harness/testDatabase.ts";
import { client } from "./dbFixture.ts";

const request = () => new Request("http://localhost/", { headers: { origin: "https://shop.example" } });

/** A dependency on a real socket: fails `failures` times, then answers. */
function serveFlaky(failures: number) {
  let asked = 0;
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, () => {
    if (++asked <= failures) return new Response("down", { status: 503, headers: { "retry-after": "0" } });
    return Response.json({ price: 7 });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    asked: () => asked,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

Deno.test("in a pipeline of theirs, three lines make a call that survives a dependency's bad moment", async () => {
  await using flaky = serveFlaky(1);
  await using test = await testDatabase();
  await using made = client(test.url);
  const layer = withResilience({
    dependencies: { prices: { maxAttempts: 3 } },
    retryBudgets: postgresRetryBudgetStore(() => adminDatabase(made)),
  });
  const app = pipeline([withCors({ origin: ["https://shop.example"] }), withDeadline(), layer], async (_, ctx) => {
    const answer = await ctx.resilience.call("prices", ({ signal }) => answerOf(fetch(flaky.url, { signal })));
    return Response.json(await answer.json());
  });
  const response = await app(request());
  assert.deepEqual(await response.json(), { price: 7 });
  assert.equal(response.headers.get("access-control-allow-origin"), "https://shop.example");
  assert.equal(flaky.asked(), 2);
  const [reserve] = await test.sql`select budget, last_granted from resilience.retry_budgets`;
  assert.deepEqual({ ...reserve }, { budget: "prices", last_granted: 2 });
});

Deno.test("in a pipeline of theirs, what stays down is answered for in time", async () => {
  await using flaky = serveFlaky(Infinity);
  const policies = { fallback: fallback(() => Response.json({ price: null })) };
  const layer = withResilience({ dependencies: { prices: { maxAttempts: 3, policies } } });
  const app = pipeline(
    [layer],
    (_, ctx) => ctx.resilience.call("prices", ({ signal }) => answerOf(fetch(flaky.url, { signal }))),
  );
  assert.deepEqual(await (await app(request())).json(), { price: null });
  assert.equal(flaky.asked(), 1); // Nothing was earned yet, and there is no reserve.
});
