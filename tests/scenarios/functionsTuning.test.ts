import assert from "node:assert/strict";
import { waitUntil } from "../../local/database/waitUntil.ts";
import { type TestStack, testStack } from "../harness/testStack.ts";
import { userToken } from "../harness/userToken.ts";

async function ask(
  stack: TestStack,
  headers: Record<string, string>,
  method: string,
  input: unknown = {},
  name = "ops-tuning",
) {
  const isBody = method !== "GET";
  const query = new URLSearchParams(input as Record<string, string>);
  const response = await stack.call(name, {
    method,
    query: isBody ? "" : `?${query}`,
    headers: { ...headers, ...(isBody ? { "content-type": "application/json" } : {}) },
    ...(isBody ? { body: JSON.stringify(input) } : {}),
  });
  // deno-lint-ignore no-explicit-any -- a body is whatever the test makes of it.
  return { status: response.status, body: await response.json() as any };
}

/** A change that is on trial on the size of chunks. */
async function plantTrial({ database: { sql } }: TestStack): Promise<string> {
  const knob = {
    ...{ name: "batch.chunk_size", kind: "integer", summary: "s", defaultValue: 500 },
    ...{ lowest: 25, highest: 5000, step: { factor: 2 } },
  };
  const expected = { name: "ms a row", better: "lower", before: 2, after: 1, lower: 0.5, upper: 1.5 };
  const [row] = await sql`
    with made as (
      select id from resilience.propose_change(${sql.json(knob)}, 'batch-size', 'up', '500', '1000', '{"chunks": 300}',
        ${sql.json(expected)}, 'because', 'test')
    )
    select id::text as id from made`;
  await sql`select resilience.shadow_change(${row!.id}::bigint, '{}', true, 'x', 'test')`;
  await sql`select resilience.begin_trial(${row!.id}::bigint, 0.25, 3600000, 3, 'x', 'test')`;
  await sql`select resilience.start_trial(${row!.id}::bigint, 'x', 'test')`;
  return row!.id;
}

Deno.test("an operator sees the knobs, sets one within its bounds, and takes it back", async () => {
  await using stack = await testStack();
  const operator = { apikey: stack.secretKey };
  const shown = await ask(stack, operator, "GET");
  assert.equal(shown.status, 200, JSON.stringify(shown.body));
  assert.equal(shown.body.isEnabled, true);
  const names = shown.body.knobs.map(({ name }: { name: string }) => name);
  for (
    const name of ["batch.chunk_size", "transaction.max_tries", "healing.pattern.promote_at", "optimizer.window_ms"]
  ) {
    assert.ok(names.includes(name), name);
  }
  const set = await ask(stack, operator, "PUT", {
    name: "circuit.maps.timeout",
    value: 4_000,
    reason: "they are quick",
  });
  assert.deepEqual([set.status, set.body.knob?.value, set.body.knob?.highest], [200, 4_000, 120_000]);
  const tooMuch = { name: "circuit.maps.timeout", value: 400_000, reason: "x" };
  assert.equal((await ask(stack, operator, "PUT", tooMuch)).status, 409);
  assert.equal((await ask(stack, operator, "PUT", { ...tooMuch, name: "no.such_knob" })).status, 404);
  const narrow = { action: "narrow", name: "circuit.maps.timeout", lowest: 1_000, highest: 20_000, reason: "x" };
  assert.equal((await ask(stack, operator, "POST", narrow)).status, 200);
  assert.equal((await ask(stack, operator, "PUT", { ...tooMuch, value: 30_000 })).status, 409);
  assert.equal((await ask(stack, operator, "POST", { ...narrow, lowest: 5_000, highest: 6_000 })).status, 409);
  const back = await ask(stack, operator, "PUT", { name: "circuit.maps.timeout", value: null, reason: "enough" });
  assert.deepEqual([back.body.knob.value, back.body.knob.isDefault], [10_000, true]);
  const { body } = await ask(stack, operator, "GET", { name: "circuit.maps.timeout" });
  assert.deepEqual(body.history.map(({ changedBy, reason }: Record<string, string>) => [changedBy, reason])[0], [
    "key:default",
    "enough",
  ]);
});

Deno.test("what is on trial ends when an operator vetoes, pins, opts out or stops, and a change can be undone", async () => {
  const decisions = [
    { action: "pin", name: "batch.chunk_size", reason: "the import" },
    { action: "opt-out", name: "batch.chunk_size", reason: "never" },
    { action: "veto", name: "*", rule: "batch-size", reason: "no" },
    { action: "stop", reason: "release week" },
    { action: "undo", reason: "it looks wrong" },
  ];
  await using stack = await testStack();
  const operator = { apikey: stack.secretKey };
  for (const decision of decisions) {
    const id = await plantTrial(stack);
    const shown = await ask(stack, operator, "GET", { name: "batch.chunk_size" });
    assert.deepEqual([shown.body.knobs[0].trial?.value, shown.body.log[0].state], [1_000, "on_trial"], decision.action);
    const input = decision.action === "undo" ? { ...decision, id } : decision;
    const told = await ask(stack, operator, "POST", input);
    assert.deepEqual([told.status, told.body.isDone], [200, true], JSON.stringify(told.body));
    const after = await ask(stack, operator, "GET", { name: "batch.chunk_size" });
    assert.deepEqual([after.body.knobs[0].trial, after.body.log[0].state], [null, "vetoed"], decision.action);
    assert.deepEqual([after.body.log[0].decidedBy, after.body.log[0].reason], ["key:default", decision.reason]);
    await ask(stack, operator, "POST", { action: "unpin", name: "batch.chunk_size", reason: "x" });
    await ask(stack, operator, "POST", { action: "opt-in", name: "batch.chunk_size", reason: "x" });
    await ask(stack, operator, "POST", { action: "allow", name: "*", rule: "batch-size", reason: "x" });
    await ask(stack, operator, "POST", { action: "start", reason: "x" });
  }
  const id = await plantTrial(stack);
  await stack.database.sql`select resilience.end_change(${id}::bigint, 'kept', null, 'better', 'test')`;
  const undo = { action: "undo", id, reason: "customers complain" };
  assert.equal((await ask(stack, operator, "POST", undo)).status, 200);
  const { body } = await ask(stack, operator, "GET", { name: "batch.chunk_size" });
  assert.deepEqual([body.knobs[0].value, body.log[0].state], [500, "undone"]);
  assert.equal((await ask(stack, operator, "POST", undo)).status, 409);
  assert.equal((await ask(stack, operator, "POST", { ...undo, id: "999" })).status, 404);
  const past = { action: "pin", name: "batch.chunk_size", reason: "x", until: "2020-01-01T00:00:00Z" };
  assert.equal((await ask(stack, operator, "POST", past)).status, 409);
});

Deno.test("tuning is nobody's business but an operator's", async () => {
  await using stack = await testStack();
  const user = { authorization: `Bearer ${await userToken(stack.signingKey, { userId: "6f1c" })}` };
  for (const headers of [{}, { apikey: stack.publishableKey }, user] as Record<string, string>[]) {
    const answers = [
      await ask(stack, headers, "GET"),
      await ask(stack, headers, "PUT", { name: "batch.chunk_size", value: 25, reason: "no" }),
      await ask(stack, headers, "POST", { action: "stop", reason: "no" }),
      await ask(stack, headers, "POST", { dryRun: true }, "self-optimizer"),
    ];
    for (const { status } of answers) assert.ok(status === 401 || status === 403, `${status}`);
  }
  const [row] = await stack.database.sql`select count(*)::int as n from resilience.tuning_parameters
    where value is not null`;
  assert.equal(row?.n, 0);
});

Deno.test("the optimizer is woken on both of its schedules, and a dry run answers with what would be done", async () => {
  await using stack = await testStack();
  const operator = { apikey: stack.secretKey };
  const dry = await ask(stack, operator, "POST", { dryRun: true }, "self-optimizer");
  assert.deepEqual([dry.status, dry.body.status, dry.body.outcome], [202, "rehearsed", {
    isComplete: true,
    outcome: { isDryRun: true, isEnabled: true, steps: [], failures: [] },
  }]);
  for (const job of ["self-optimizer", "self-optimizer-watch"]) {
    const woken = await ask(stack, operator, "POST", { job }, "self-optimizer");
    assert.deepEqual([woken.status, woken.body.status], [202, "started"], JSON.stringify(woken.body));
    const hasEnded = async () => {
      const [run] = await stack.database.sql`select state from resilience.job_runs where job_name = ${job}`;
      return run?.state === "succeeded";
    };
    assert.ok(await waitUntil(hasEnded, { timeoutMs: 10_000 }), job);
  }
});
