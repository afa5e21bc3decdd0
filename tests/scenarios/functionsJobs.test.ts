import assert from "node:assert/strict";
import { waitUntil } from "../../local/database/waitUntil.ts";
import { testStack } from "../harness/testStack.ts";
import { callsOf } from "./opsCalls.ts";

Deno.test("an operator wakes a job, and sees its run with what it came to", async () => {
  await using stack = await testStack();
  const { get, post } = callsOf(stack, "ops-jobs");
  await stack.database.sql`
    insert into resilience.idempotency_keys (scope, key, request_hash, lease_expires_at, created_at, expires_at)
    select 's', 'k' || n, repeat('a', 64), now(), now() - interval '2 days', now() - interval '1 hour'
    from generate_series(1, 7) n`;
  const all = await get();
  assert.equal(all.status, 200, JSON.stringify(all.body));
  const names = all.body.jobs.map(({ name }: { name: string }) => name);
  for (const name of ["healing-replay", "ops-purge", "schema-monitor"]) assert.ok(names.includes(name), name);
  const rehearsed = await post({ name: "ops-purge", dryRun: true });
  assert.equal(rehearsed.status, 200, JSON.stringify(rehearsed.body));
  assert.deepEqual([rehearsed.body.status, rehearsed.body.outcome.outcome.purged.idempotency_keys], ["rehearsed", 7]);
  assert.deepEqual((await get({ name: "ops-purge" })).body.runs, []);

  const woken = await post({ name: "ops-purge" });
  assert.deepEqual([woken.status, woken.body.status, woken.body.run.attempt], [200, "started", 1]);
  const newest = async () => (await get({ name: "ops-purge" })).body.runs[0];
  assert.ok(await waitUntil(async () => (await newest()).state === "succeeded", { timeoutMs: 10_000 }));
  const run = await newest();
  assert.deepEqual([run.id, run.outcome.purged.idempotency_keys, run.errorCode], [woken.body.run.id, 7, null]);
  const [job] = (await get({ name: "ops-purge" })).body.jobs;
  assert.deepEqual([job.cron, job.lastState, job.isRunning, job.isOverdue], ["17 * * * *", "succeeded", false, false]);
  assert.equal((await get({ name: "unheard-of" })).status, 404);
  assert.equal((await post({ name: "unheard-of" })).status, 404);
});

Deno.test("the jobs that look after healing work when they are woken", async () => {
  await using stack = await testStack();
  const { get, post } = callsOf(stack, "ops-jobs");
  const { sql } = stack.database;
  await sql.unsafe("create table public.goods (id int primary key); grant all on public.goods to service_role");
  await sql`
    insert into resilience.dead_letters (id, table_schema, table_name, operation, payload, error_code, writer_role, writer_claims,
      next_try_at)
    select gen_random_uuid(), 'public', 'goods', 'insert', json_build_object('id', n)::text, '42P01', 'service_role', '{}',
      now() - interval '1 second'
    from generate_series(1, 12) n`;
  for (const name of ["schema-monitor", "healing-replay"]) {
    const rehearsed = await post({ name, dryRun: true });
    assert.deepEqual([rehearsed.status, rehearsed.body.status], [200, "rehearsed"], JSON.stringify(rehearsed.body));
    assert.equal((await post({ name })).body.status, "started");
    const newest = async () => (await get({ name })).body.runs[0];
    assert.ok(await waitUntil(async () => (await newest()).state !== "running", { timeoutMs: 20_000 }));
    const { state, outcome } = await newest();
    assert.equal(state, "succeeded");
    if (name === "schema-monitor") assert.deepEqual([outcome.isNew, outcome.version], [true, 1]);
    else assert.deepEqual([outcome.sent, outcome.landed], [12, 12]);
  }
  const [row] = await sql`select count(*)::int as rows from public.goods`;
  assert.equal(row?.rows, 12);
});

Deno.test("a job that another runner holds, or that is switched off, is not woken, and the answer says so", async () => {
  await using stack = await testStack();
  const { post, patch } = callsOf(stack, "ops-jobs");
  const { sql } = stack.database;
  await sql`select resilience.claim_job_run('ops-purge', now(), 'somebody')`;
  assert.equal((await post({ name: "ops-purge" })).body.status, "busy");
  assert.equal((await patch({ name: "schema-monitor", isEnabled: false })).body.job.isEnabled, false);
  assert.equal((await post({ name: "schema-monitor" })).body.status, "disabled");
  const [row] = await sql`select count(*)::int as runs from resilience.job_runs where job_name = 'schema-monitor'`;
  assert.equal(row?.runs, 0);
});

Deno.test("a schedule whose function is not deployed, or is no job, is told as what it is", async () => {
  await using stack = await testStack();
  const { post } = callsOf(stack, "ops-jobs");
  await stack.database.sql`
    insert into resilience.job_schedules (name, cron, function_name, max_gap)
    values ('gone', '* * * * *', 'no-such-function', '1 hour'), ('odd', '* * * * *', 'ops-jobs', '1 hour')`;
  const gone = await post({ name: "gone" });
  assert.deepEqual([gone.status, gone.body.code], [404, "not_found"]);
  const odd = await post({ name: "odd" });
  assert.deepEqual([odd.status, odd.body.code], [503, "overloaded"]);
  for (const { body } of [gone, odd]) assert.ok(!JSON.stringify(body).includes(stack.secretKey));
  assert.ok(!stack.logs.some((line) => line.includes(stack.secretKey)), "the key was logged");
});

Deno.test("a schedule is changed part by part, checked as the schedulers read it, and takes effect at once", async () => {
  await using stack = await testStack();
  const { patch, post } = callsOf(stack, "ops-jobs");
  const name = "ops-purge";
  const { job } = (await patch({ name, cron: "5 4 * * *", payload: { healDays: 30 }, reason: "audit" })).body;
  assert.deepEqual([job.cron, job.payload, job.isEnabled], ["5 4 * * *", { healDays: 30 }, true]);
  assert.deepEqual((await patch({ name, isEnabled: false })).body.job.cron, "5 4 * * *");
  await patch({ name, isEnabled: true, payload: {} });
  const changed = stack.logs.filter((line) => line.includes("A schedule was changed"));
  assert.equal(changed.length, 3);
  assert.ok(changed[0]!.includes("key:default") && changed[0]!.includes("audit"));
  for (const cron of ["@hourly!!!", "* * * * * *", "61 * * * *", "1 1 1 1 1", "'; drop table x; --", "* * * * MON"]) {
    const { status, body } = await patch({ name, cron });
    assert.deepEqual([status, body.details.issues[0].path], [422, "cron"], cron);
  }
  const refused: Record<string, unknown>[] = [
    { name },
    { name, payload: { text: "x".repeat(9_000) } },
    { name, payload: { text: "a\0" } },
    { name, payload: [] },
    { name, leaseSeconds: 5 },
    { name: "No Name", isEnabled: true },
  ];
  for (const body of refused) assert.equal((await patch(body)).status, 422, JSON.stringify(body));
  assert.equal((await patch({ name: "unheard-of", isEnabled: false })).status, 404);
  assert.equal((await post({ name, dryRun: true })).body.status, "rehearsed");
});

Deno.test("pages of a job's runs show each once, and a page of another job is refused", async () => {
  await using stack = await testStack();
  const { get } = callsOf(stack, "ops-jobs");
  await stack.database.sql`
    insert into resilience.job_runs (job_name, scheduled_for, state, error_code, started_at, finished_at, progress)
    select 'ops-purge', now() - interval '1 minute' * n, 'failed', '57014', now(), now(), '{"place": 1}'
    from generate_series(1, 12) n`;
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const { body }: Awaited<ReturnType<typeof get>> = await get({
      name: "ops-purge",
      limit: 5,
      ...(after === null ? {} : { after }),
    });
    seen.push(...body.runs.map(({ id }: { id: string }) => id));
    assert.deepEqual([body.runs[0].errorCode, body.runs[0].progress], ["57014", { place: 1 }]);
    after = body.next;
    if (after !== null) assert.equal((await get({ name: "schema-monitor", after })).status, 422);
  } while (after !== null);
  assert.deepEqual([seen.length, new Set(seen).size], [12, 12]);
  for (const query of [{ after: "x" }, { limit: 201 }, { name: "%" }, { name: "ops-purge", after: "e30" }]) {
    assert.equal((await get(query)).status, 422, JSON.stringify(query));
  }
});

Deno.test("jobs are nobody's business but an operator's", async () => {
  await using stack = await testStack();
  const { ask, strangers } = callsOf(stack, "ops-jobs");
  const name = "ops-purge";
  for (const headers of await strangers()) {
    for (const [method, input] of [["GET", {}], ["PATCH", { name, isEnabled: false }], ["POST", { name }]] as const) {
      const { status } = await ask(headers, method, input);
      assert.ok(status === 401 || status === 403, `${method}: ${status}`);
    }
  }
  const [row] = await stack.database.sql`select is_enabled from resilience.job_schedules where name = ${name}`;
  assert.equal(row?.is_enabled, true);
});
