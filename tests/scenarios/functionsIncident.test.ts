import assert from "node:assert/strict";
import { ScriptedNight } from "../harness/scriptedNight.ts";
import { type TestStack, testStack } from "../harness/testStack.ts";
import { userToken } from "../harness/userToken.ts";

const hourMs = 3_600_000;

async function ask(stack: TestStack, headers: Record<string, string>, input: Record<string, string> = {}) {
  const response = await stack.call("ops-incident", { query: `?${new URLSearchParams(input)}`, headers });
  const type = response.headers.get("content-type");
  const text = await response.text();
  // deno-lint-ignore no-explicit-any -- a body is whatever the test makes of it.
  const body = type?.includes("json") ? JSON.parse(text) as any : undefined;
  return { status: response.status, type, text, body };
}

Deno.test("whoever was asleep is told over HTTP what broke in the night, as a tree and as a text", async () => {
  await using stack = await testStack();
  {
    await using night = new ScriptedNight(stack.database);
    await night.run();
  }
  const operator = { apikey: stack.secretKey };
  const from = new Date(Date.now() - 3 * hourMs).toISOString();
  const to = new Date().toISOString();
  const shown = await ask(stack, operator, { from, to });
  assert.equal(shown.status, 200, shown.text);
  const causes = shown.body.incidents.map(({ cause }: { cause: { kind: string } }) => cause.kind);
  assert.deepEqual(causes.toSorted(), ["contention", "dependency", "isolate", "schema_change"]);
  assert.ok(shown.body.incidents.every(({ tree }: { tree: { effects: unknown[] } }) => tree.effects.length > 0));

  const told = await ask(stack, operator, { from, to, format: "text" });
  assert.deepEqual([told.status, told.type, told.text], [200, "text/plain; charset=utf-8", shown.body.text]);
  for (const line of [/ai was down/, /public\.orders was changed/, /Deadlock storm/, /Isolate isolate-ill was ill/]) {
    assert.match(told.text, line);
  }

  const one = await ask(stack, operator, { requestId: "order-2" });
  assert.deepEqual([one.status, one.body.requestId, one.body.incidents.length], [200, "order-2", 1]);
  assert.equal((await ask(stack, operator, { requestId: "never-was" })).status, 404);
});

Deno.test("incidents are nobody's business but an operator's", async () => {
  await using stack = await testStack();
  const user = { authorization: `Bearer ${await userToken(stack.signingKey, { userId: "6f1c" })}` };
  for (const headers of [{}, { apikey: stack.publishableKey }, user]) {
    const { status } = await ask(stack, headers as Record<string, string>);
    assert.ok(status === 401 || status === 403, `${status}`);
  }
  const quiet = await ask(stack, { apikey: stack.secretKey });
  assert.deepEqual([quiet.status, quiet.body?.incidents], [200, []]);
});

Deno.test("a stretch of time that is too long, runs backwards or comes beside a request is refused", async () => {
  await using stack = await testStack();
  const operator = { apikey: stack.secretKey };
  const at = (hour: number) => new Date(Date.UTC(2026, 10, 26, hour)).toISOString();
  const refused: Record<string, string>[] = [
    { from: at(0), to: at(25) },
    { from: at(2), to: at(1) },
    { requestId: "r", from: at(0) },
    { requestId: "" },
    { requestId: "x".repeat(201) },
    { from: "yesterday" },
    { format: "html" },
    { limit: "7" },
  ];
  for (const input of refused) {
    const { status, body } = await ask(stack, operator, input);
    assert.deepEqual([status, body?.code], [422, "invalid_input"], JSON.stringify(input));
  }
  assert.equal((await ask(stack, operator, { from: at(0), to: at(24) })).status, 200);
});
