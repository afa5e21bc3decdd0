import assert from "node:assert/strict";
import { waitUntil } from "../../local/database/waitUntil.ts";
import { type TestStack, testStack } from "../harness/testStack.ts";
import { userToken } from "../harness/userToken.ts";

const name = "new-checkout";

/** Calls ops-flags and reads the answer, whatever it is. */
function flagsOf(stack: TestStack) {
  const ask = async (
    headers: Record<string, string>,
    init: { method?: string; query?: string; body?: unknown } = {},
  ) => {
    const { method = "GET", query = "", body } = init;
    const response = await stack.call("ops-flags", {
      method,
      query,
      headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    // deno-lint-ignore no-explicit-any -- a body is whatever the test makes of it.
    return { status: response.status, body: await response.json() as any };
  };
  return {
    ask,
    anyone: {},
    visitor: { apikey: stack.publishableKey },
    operator: { apikey: stack.secretKey },
    user: async (userId: string) => ({ authorization: `Bearer ${await userToken(stack.signingKey, { userId })}` }),
  };
}

Deno.test("a flag's life over HTTP: made, rolled out, turned off, removed, and all of it on record", async () => {
  await using stack = await testStack();
  const { ask, operator, visitor } = flagsOf(stack);
  const change = async (method: string, body: Record<string, unknown>) => {
    const answer = await ask(operator, { method, body: { name, ...body } });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return answer.body.flag;
  };
  let flag = await change("PUT", { isEnabled: true, rolloutPercent: 0, isPublic: true, reason: "launch" });
  for (const percent of [5, 25, 50, 100]) {
    flag = await change("PATCH", { advance: true, version: flag.version });
    assert.equal(flag.rolloutPercent, percent);
  }
  assert.deepEqual((await ask(visitor)).body.flags, { [name]: true });
  const further = await ask(operator, { method: "PATCH", body: { name, advance: true, version: flag.version } });
  assert.deepEqual([further.status, further.body.code], [409, "conflict"]);
  const stale = await ask(operator, { method: "PATCH", body: { name, rolloutPercent: 7, version: 1 } });
  assert.deepEqual([stale.status, stale.body.code], [409, "conflict"]);

  flag = await change("PATCH", { off: true, reason: "it broke" });
  assert.deepEqual([flag.isEnabled, flag.rolloutPercent], [false, 100]);
  assert.deepEqual((await ask(visitor)).body.flags, { [name]: false }, "this isolate does not see its own change");

  const removed = await ask(operator, { method: "DELETE", query: `?name=${name}&version=${flag.version}&reason=done` });
  assert.equal(removed.status, 200, JSON.stringify(removed.body));
  const { body } = await ask(operator, { query: `?name=${name}` });
  assert.deepEqual(body.flags, []);
  assert.deepEqual(
    body.history.map((entry: { changedBy: string; reason: string }) => [entry.changedBy, entry.reason]),
    [
      ["key:default", "done"],
      ["key:default", "it broke"],
      ...Array.from({ length: 4 }, () => ["key:default", null]),
      ["key:default", "launch"],
    ],
  );
});

Deno.test("who may do what with flags", async () => {
  await using stack = await testStack();
  const { ask, anyone, operator, visitor, user } = flagsOf(stack);
  const [ada, bob] = [crypto.randomUUID(), crypto.randomUUID()];
  const put = { name, isEnabled: true, rolloutPercent: 0, isPublic: true, allowedSubjects: [`user:${ada}`] };
  assert.equal((await ask(operator, { method: "PUT", body: put })).status, 200);

  assert.deepEqual((await ask(await user(ada))).body.flags, { [name]: true });
  assert.deepEqual((await ask(await user(bob))).body.flags, { [name]: false });
  assert.deepEqual((await ask(visitor, { query: `?subject=user:${ada}` })).body.flags, { [name]: false });
  assert.equal((await ask(await user(bob), { query: `?subject=${ada}` })).body.code, "forbidden");
  assert.equal((await ask(operator)).body.flags[0].allowedSubjects[0], `user:${ada}`);
  assert.equal((await ask(anyone)).body.code, "missing_credentials");
  for (const headers of [visitor, await user(ada)]) {
    for (const method of ["PUT", "PATCH"]) {
      const refused = await ask(headers, { method, body: { ...put, version: 1 } });
      assert.deepEqual([refused.status, refused.body.code], [401, "wrong_credentials"]);
    }
    assert.equal((await ask(headers, { method: "DELETE", query: `?name=${name}` })).body.code, "wrong_credentials");
  }
  assert.equal((await ask(operator)).body.flags.length, 1);
});

Deno.test("the same Idempotency-Key advances once, and the answer comes twice", async () => {
  await using stack = await testStack();
  const { ask, operator } = flagsOf(stack);
  await ask(operator, { method: "PUT", body: { name, isEnabled: true, rolloutPercent: 0 } });
  const once = { ...operator, "idempotency-key": crypto.randomUUID() };
  const body = { name, advance: true, version: 1 };
  const answers = [await ask(once, { method: "PATCH", body }), await ask(once, { method: "PATCH", body })];
  assert.deepEqual(answers.map(({ status, body }) => [status, body.flag?.version]), [[200, 2], [200, 2]]);
});

Deno.test("turned off by whatever hand, a flag is off within a second in every isolate", async () => {
  await using stack = await testStack({ isolates: 2 });
  const { ask, operator, visitor } = flagsOf(stack);
  await ask(operator, { method: "PUT", body: { name, isEnabled: true, rolloutPercent: 100, isPublic: true } });
  const isOn = async () => (await ask({ ...visitor, connection: "close" })).body.flags[name] as boolean;
  // Both isolates know it as on: sixteen connections of one kind miss an isolate once in 32,768 runs.
  const areOn = async () => (await Promise.all(Array.from({ length: 16 }, isOn))).every((on) => on);
  assert.ok(await waitUntil(areOn, { timeoutMs: 30_000 }));
  await stack.database.sql`update resilience.feature_flags set is_enabled = false`;
  const turnedOffAt = performance.now();
  let lastOnMs = 0;
  const isOffForGood = async () => {
    const askedMs = performance.now() - turnedOffAt;
    const { flags, isStale } = (await ask({ ...visitor, connection: "close" })).body;
    // An answer that says it is stale promises nothing: the database took over half a second to answer the isolate.
    if (flags[name] && !isStale) lastOnMs = askedMs;
    return askedMs > 2_000 && !isStale;
  };
  assert.ok(await waitUntil(isOffForGood, { timeoutMs: 30_000, everyMs: 10 }));
  assert.ok(lastOnMs < 1_000, `a request made ${lastOnMs} ms after the flag was turned off saw it on`);
});
