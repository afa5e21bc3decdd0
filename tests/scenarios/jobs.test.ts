import assert from "node:assert/strict";
import { startScheduler } from "../../local/scheduler/scheduler.ts";
import { waitUntil } from "../../local/database/waitUntil.ts";
import { FakeClock } from "../harness/fakeClock.ts";
import { type TestStack, testStack } from "../harness/testStack.ts";

const slot = "2026-11-21T10:17:00.000Z";

function wake(stack: TestStack, body: unknown, apikey = stack.secretKey): Promise<Response> {
  return stack.call("ops-purge", {
    method: "POST",
    headers: { "content-type": "application/json", apikey },
    body: JSON.stringify(body),
  });
}

/** Waits for the end of what works behind an answer. */
async function endedRuns({ database }: TestStack) {
  const runs = async () =>
    (await database.sql`select scheduled_for, state, outcome from resilience.job_runs order by id`)
      .map(({ scheduled_for, state, outcome }) => ({ slot: scheduled_for.toISOString(), state, outcome }));
  const isOver = async () => (await runs()).every(({ state }) => state !== "running");
  assert.ok(await waitUntil(isOver, { timeoutMs: 10_000 }));
  return await runs();
}

const plantDeadLetters = ({ database }: TestStack) =>
  database.sql`
    insert into resilience.queue_dead_letters (queue, message_id, payload, enqueued_at, read_ct, reason, died_at)
    select 'mail', n, '{}', now(), 5, 'poison', now() - interval '91 days' from generate_series(1, 1500) n`;

Deno.test("of twenty wake-ups of one minute over two isolates one runs, and it purges", async () => {
  await using stack = await testStack({ isolates: 2 });
  await plantDeadLetters(stack);
  const rehearsal = await (await wake(stack, { dryRun: true })).json();
  assert.equal(rehearsal.outcome.outcome.purged.queue_dead_letters, 1500);

  const answers = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const response = await wake(stack, { scheduledFor: slot });
      return { status: response.status, body: await response.json() };
    }),
  );
  assert.ok(answers.every(({ status }) => status === 202), JSON.stringify(answers));
  const statuses = answers.map(({ body }) => body.status);
  assert.equal(statuses.filter((status) => status === "started").length, 1, statuses.join());
  assert.ok(statuses.every((status) => ["started", "busy", "done"].includes(status)), statuses.join());

  const [run, ...others] = await endedRuns(stack);
  assert.deepEqual([run?.slot, run?.state, run?.outcome.purged.queue_dead_letters], [slot, "succeeded", 1500]);
  assert.deepEqual(others, []);
  const [left] = await stack.database.sql`select count(*)::int as count from resilience.queue_dead_letters`;
  assert.equal(left?.count, 0);
  assert.equal((await (await wake(stack, { scheduledFor: slot })).json()).status, "done");
});

Deno.test("a job opens to a secret key alone", async () => {
  await using stack = await testStack();
  const refused = await wake(stack, {}, stack.publishableKey);
  assert.equal(refused.status, 401);
  assert.equal(refused.headers.get("content-type"), "application/problem+json");
  await refused.body?.cancel();
  assert.deepEqual(await endedRuns(stack), []);
});

Deno.test("the local scheduler's wake-up reaches the function and runs its job", async () => {
  await using stack = await testStack();
  await stack.database.sql`update resilience.job_schedules set is_enabled = false where name <> 'ops-purge'`;
  const clock = new FakeClock(Date.parse(slot) - 1000);
  const answered = Promise.withResolvers<string>();
  const scheduler = await startScheduler({
    dbUrl: stack.dbUrl,
    gatewayUrl: stack.url,
    secretKey: stack.secretKey,
    clock,
    pollMs: 86_400_000,
    onLog: (line) => answered.resolve(line),
  });
  await clock.advance(1000);
  assert.equal(await answered.promise, "Woke 'ops-purge' for the job 'ops-purge': 202");
  await scheduler.stop();
  assert.deepEqual((await endedRuns(stack)).map(({ slot, state }) => [slot, state]), [[slot, "succeeded"]]);
});
