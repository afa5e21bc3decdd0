import assert from "node:assert/strict";
import * as z from "zod";
import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import { createSqlClient } from "../../supabase/functions/_shared/db/sqlClient.ts";
import { createFunctionFactory } from "../../supabase/functions/_shared/http/functionFactory.ts";
import { databaseIdempotencyStore } from "../../supabase/functions/_shared/http/idempotencyStore.ts";
import { fakeKeys, fakeServices } from "../../supabase/functions/_shared/http/testing/fakeServices.ts";
import { type TestDatabase, testDatabase } from "../harness/testDatabase.ts";

const hash = (digit: string) => digit.repeat(64);
const id = { scope: "orders POST user:1", key: "k1" };

function storeOf({ url }: TestDatabase, poolSize = 1) {
  const client = createSqlClient({ url, isPooled: false, poolSize, applicationName: "test isolate" });
  return { store: databaseIdempotencyStore(() => adminDatabase(client)), [Symbol.asyncDispose]: () => client.close() };
}

Deno.test("a key is claimed, finished and repeated, byte for byte", async () => {
  await using test = await testDatabase();
  await using isolate = storeOf(test);
  const { store } = isolate;
  const claimed = await store.begin(id, hash("a"), 30_000);
  assert.ok(claimed.kind === "run");
  const running = await store.begin(id, hash("a"), 30_000);
  assert.ok(running.kind === "running" && running.retryAfterMs > 0 && running.retryAfterMs <= 1_000);
  assert.deepEqual(await store.begin(id, hash("b"), 30_000), { kind: "reused" });
  const answer = { status: 201, headers: { "content-type": "x/y" }, body: new Uint8Array([0, 255, 34, 92, 10]) };
  await store.finish(id, claimed.runId, answer);
  assert.deepEqual(await store.begin(id, hash("a"), 30_000), { kind: "done", answer });
  assert.deepEqual(await store.begin(id, hash("b"), 30_000), { kind: "reused" });
  assert.equal((await store.begin({ ...id, scope: "orders POST user:2" }, hash("b"), 30_000)).kind, "run");
});

Deno.test("an answer that is not kept is null, and one that is empty is empty", async () => {
  await using test = await testDatabase();
  await using isolate = storeOf(test);
  const { store } = isolate;
  for (const [key, body] of [["large", null], ["empty", new Uint8Array(0)]] as const) {
    const claimed = await store.begin({ ...id, key }, hash("a"), 30_000);
    assert.ok(claimed.kind === "run");
    await store.finish({ ...id, key }, claimed.runId, { status: 200, headers: {}, body });
    const done = await store.begin({ ...id, key }, hash("a"), 30_000);
    assert.deepEqual(done, { kind: "done", answer: { status: 200, headers: {}, body } });
  }
});

Deno.test("a released key is free; a dead runner's is after its lease, and the dead can finish nothing", async () => {
  await using test = await testDatabase();
  await using isolate = storeOf(test);
  const { store } = isolate;
  const first = await store.begin(id, hash("a"), 30_000);
  assert.ok(first.kind === "run");
  await store.release(id, first.runId);
  const second = await store.begin(id, hash("b"), 30_000);
  assert.ok(second.kind === "run");
  await test.sql`update resilience.idempotency_keys set lease_expires_at = clock_timestamp() - interval '1 ms'`;
  assert.equal((await store.begin(id, hash("a"), 30_000)).kind, "reused");
  const third = await store.begin(id, hash("b"), 30_000);
  assert.ok(third.kind === "run");
  const answer = { status: 200, headers: {}, body: new Uint8Array([1]) };
  await store.finish(id, second.runId, { ...answer, status: 500 });
  await store.release(id, second.runId);
  assert.equal((await store.begin(id, hash("b"), 30_000)).kind, "running");
  await store.finish(id, third.runId, answer);
  await store.release(id, third.runId);
  assert.deepEqual(await store.begin(id, hash("b"), 30_000), { kind: "done", answer });
});

Deno.test("after 24 hours a key is free for anything, and purged", async () => {
  await using test = await testDatabase();
  await using isolate = storeOf(test);
  const { store } = isolate;
  const claimed = await store.begin(id, hash("a"), 30_000);
  assert.ok(claimed.kind === "run");
  await store.finish(id, claimed.runId, { status: 200, headers: {}, body: null });
  const [kept] = await test.sql`
    select extract(epoch from expires_at - finished_at)::integer as seconds from resilience.idempotency_keys`;
  assert.equal(kept!.seconds, 86_400);
  const age = () =>
    test.sql`
      update resilience.idempotency_keys
      set created_at = created_at - interval '25 hours', finished_at = finished_at - interval '25 hours',
        expires_at = expires_at - interval '25 hours'`;
  await age();
  assert.equal((await store.begin(id, hash("b"), 30_000)).kind, "run");
  assert.equal((await test.sql`select resilience.purge_idempotency_keys() as count`)[0]!.count, 0);
  await test
    .sql`update resilience.idempotency_keys set created_at = created_at - interval '25 hours', expires_at = expires_at - interval '25 hours'`;
  assert.equal((await test.sql`select resilience.purge_idempotency_keys() as count`)[0]!.count, 1);
});

Deno.test("twenty calls with one key at once, over ten isolates: the use case runs once", async () => {
  await using test = await testDatabase();
  await using stack = new AsyncDisposableStack();
  let runs = 0;
  const gate = Promise.withResolvers<void>();
  const isolates = Array.from({ length: 10 }, () => {
    const { store } = stack.use(storeOf(test));
    return createFunctionFactory(() => fakeServices({ idempotency: store }))({
      name: "orders",
      summary: "Place an order",
      auth: ["secret"],
      methods: {
        POST: {
          input: z.strictObject({ text: z.string() }),
          output: z.object({ run: z.number() }),
          idempotent: true,
          handler: async () => {
            const run = ++runs;
            await gate.promise;
            return { run };
          },
        },
      },
    });
  });
  const headers = {
    apikey: fakeKeys.secretKeys.default,
    "content-type": "application/json",
    "idempotency-key": "one",
  };
  const send = (call: number) =>
    isolates[call % 10]!.fetch(
      new Request("http://localhost/orders", { method: "POST", body: '{"text":"a"}', headers }),
    );
  let answered = 0;
  const responses = await Promise.all(Array.from({ length: 20 }, async (_, call) => {
    const response = await send(call);
    if (++answered === 19) gate.resolve(); // The one that runs goes on once all the others have been sent away.
    return response;
  }));
  assert.equal(runs, 1);
  const statuses = responses.map(({ status }) => status).sort();
  assert.deepEqual(statuses, [200, ...Array(19).fill(409)]);
  for (let call = 0; call < 20; call++) {
    const again = await send(call);
    assert.equal(again.headers.get("idempotency-replayed"), "true");
    assert.deepEqual(await again.json(), { run: 1 });
  }
  assert.equal(runs, 1);
});

Deno.test("without its store a request under a key is refused, not run unprotected", async () => {
  const client = createSqlClient({
    url: "postgres://localhost:1/none",
    isPooled: false,
    poolSize: 1,
    applicationName: "x",
  });
  let runs = 0;
  const fn = createFunctionFactory(() =>
    fakeServices({ idempotency: databaseIdempotencyStore(() => adminDatabase(client)) })
  )({
    name: "orders",
    summary: "Place an order",
    auth: ["none"],
    methods: { POST: { idempotent: true, handler: () => void runs++ } },
  });
  const call = (headers: HeadersInit) => fn.fetch(new Request("http://localhost/", { method: "POST", headers }));
  const refused = await call({ "idempotency-key": "1" });
  assert.equal(refused.status, 503);
  assert.equal((await refused.json()).code, "database_unavailable");
  assert.equal(refused.headers.get("retry-after"), "2");
  assert.equal(runs, 0);
  assert.equal((await call({})).status, 204);
  await client.close();
});
