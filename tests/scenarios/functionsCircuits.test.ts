import assert from "node:assert/strict";
import { CircuitRegistry } from "../../supabase/functions/_shared/breaker/circuitRegistry.ts";
import { postgresCircuitStore } from "../../supabase/functions/_shared/breaker/postgresCircuitStore.ts";
import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import { parseConnectionUrl } from "../../supabase/functions/_shared/db/connectionSettings.ts";
import { createSqlClient } from "../../supabase/functions/_shared/db/sqlClient.ts";
import { FakeClock } from "../harness/fakeClock.ts";
import { type TestStack, testStack } from "../harness/testStack.ts";
import { userToken } from "../harness/userToken.ts";

/** Isolates that share circuits through the stack's database, each call of theirs failing. */
function openFleet(stack: TestStack, clock: FakeClock) {
  const client = createSqlClient({ ...parseConnectionUrl(stack.database.url), poolSize: 2, applicationName: "fleet" });
  const isolate = (id: string) => {
    const store = () => postgresCircuitStore(() => adminDatabase(client));
    return new CircuitRegistry({ store, isolate: () => id, clock }).getBreaker("maps");
  };
  return { isolates: [isolate("one"), isolate("two")], [Symbol.asyncDispose]: () => client.close() };
}

async function ask(stack: TestStack, headers: Record<string, string>, method: string, input: Record<string, string>) {
  const isBody = method === "PUT";
  const response = await stack.call("ops-circuits", {
    method,
    query: isBody ? "" : `?${new URLSearchParams(input)}`,
    headers: { ...headers, ...(isBody ? { "content-type": "application/json" } : {}) },
    ...(isBody ? { body: JSON.stringify(input) } : {}),
  });
  // deno-lint-ignore no-explicit-any -- a body is whatever the test makes of it.
  return { status: response.status, body: await response.json() as any };
}

Deno.test("an operator sees who voted a circuit open, and overrides it for every isolate", async () => {
  await using stack = await testStack();
  const clock = new FakeClock();
  await using fleet = openFleet(stack, clock);
  const operator = { apikey: stack.secretKey };
  const down = () => Promise.reject(new Error("down"));
  for (const isolate of fleet.isolates) {
    for (let time = 0; time < 6; time++) await isolate.execute(down).catch(() => {});
  }
  const shown = await ask(stack, operator, "GET", { name: "maps" });
  assert.equal(shown.status, 200, JSON.stringify(shown.body));
  const [circuit] = shown.body.circuits;
  assert.deepEqual([circuit.state, circuit.share, circuit.override], ["open", 0, null]);
  assert.deepEqual(circuit.votes.map((vote: { isolate: string }) => vote.isolate), ["one", "two"]);
  assert.match(shown.body.history[0].reason, /failed for 2 isolates/);
  assert.equal((await ask(stack, operator, "GET", {})).body.circuits.length, 1);

  const put = await ask(stack, operator, "PUT", { name: "maps", to: "closed", reason: "we know better" });
  assert.deepEqual([put.status, put.body.circuit.share], [200, 1]);
  await clock.advance(1_000);
  await fleet.isolates[0]!.execute(down).catch(() => {});
  await clock.advance(0);
  await assert.rejects(fleet.isolates[0]!.execute(down), /^Error: down$/);
  assert.equal(fleet.isolates[0]!.state().reason, "we know better");

  const released = await ask(stack, operator, "DELETE", { name: "maps" });
  assert.deepEqual([released.body.circuit.override, released.body.circuit.state], [null, "open"]);
  const { body } = await ask(stack, operator, "GET", { name: "maps" });
  assert.deepEqual(body.history.map((change: { changedBy: string }) => change.changedBy).slice(0, 2), [
    "key:default",
    "key:default",
  ]);
});

Deno.test("circuits are nobody's business but an operator's, and a name that never was is told", async () => {
  await using stack = await testStack();
  const user = { authorization: `Bearer ${await userToken(stack.signingKey, { userId: "6f1c" })}` };
  for (const headers of [{}, { apikey: stack.publishableKey }, user]) {
    const get = await ask(stack, headers as Record<string, string>, "GET", {});
    const put = await ask(stack, headers as Record<string, string>, "PUT", { name: "maps", to: "open", reason: "no" });
    for (const { status } of [get, put]) assert.ok(status === 401 || status === 403, `${status}`);
  }
  const operator = { apikey: stack.secretKey };
  assert.deepEqual((await ask(stack, operator, "GET", { name: "unheard-of" })).status, 404);
  const [row] = await stack.database.sql`select count(*)::integer as n from resilience.circuits`;
  assert.equal(row?.n, 0);
});
