import assert from "node:assert/strict";
import { Webhook } from "standardwebhooks";
import { waitUntil } from "../../local/database/waitUntil.ts";
import { alertReceiver } from "../harness/alertReceiver.ts";
import { type TestStack, testStack } from "../harness/testStack.ts";
import { userToken } from "../harness/userToken.ts";

const secret = `whsec_${btoa("a secret of thirty-two bytes ....")}`;

async function ask(
  stack: TestStack,
  method: string,
  input: Record<string, unknown>,
  headers: Record<string, string> = { apikey: stack.secretKey },
  name = "ops-alerts",
) {
  const isBody = method === "PATCH" || method === "POST";
  const response = await stack.call(name, {
    method,
    query: isBody ? "" : `?${new URLSearchParams(input as Record<string, string>)}`,
    headers: { ...headers, ...(isBody ? { "content-type": "application/json" } : {}) },
    ...(isBody ? { body: JSON.stringify(input) } : {}),
  });
  // deno-lint-ignore no-explicit-any -- a body is whatever the test makes of it.
  return { status: response.status, body: await response.json() as any };
}

let slots = 0;

/** Wakes alerts-dispatch for a minute of its own, and waits until its run has ended. */
async function dispatch(stack: TestStack) {
  const scheduledFor = new Date(Date.UTC(2026, 10, 26) + ++slots * 60_000).toISOString();
  const { status, body } = await ask(stack, "POST", { scheduledFor }, { apikey: stack.secretKey }, "alerts-dispatch");
  assert.equal(status, 202, JSON.stringify(body));
  const state = async () =>
    (await stack.database.sql`select state from resilience.job_runs where id = ${body.run.id}`)[0]?.state;
  assert.ok(await waitUntil(async () => await state() !== "running", { timeoutMs: 20_000 }));
  assert.equal(await state(), "succeeded", stack.logs.join("\n"));
}

const raise = ({ database }: TestStack, key: string, severity = "error") =>
  database.sql`select resilience.raise_alert(${key}, ${severity}, 'Something is wrong', '{"n": 1}', 'job:nightly')`;

Deno.test("an alert is raised, told, acknowledged and resolved, and the operator sees all of it", async () => {
  await using receiver = await alertReceiver();
  await using stack = await testStack({
    env: { BALLAST_ALERT_WEBHOOK_URL: `${receiver.url}/hook`, BALLAST_ALERT_WEBHOOK_SECRET: secret },
  });
  await raise(stack, "disk:full");
  await dispatch(stack);
  const told = receiver.received.map(({ body, headers }) => {
    const { type, data } = new Webhook(secret).verify(body, headers) as { type: string; data: { key: string } };
    return `${type} ${data.key}`;
  });
  assert.deepEqual(told, ["alert.raised disk:full"]);

  const listed = await ask(stack, "GET", { state: "open", severity: "warning", prefix: "disk:" });
  assert.equal(listed.status, 200, JSON.stringify(listed.body));
  const [alert] = listed.body.alerts;
  assert.deepEqual([alert.key, alert.severity, alert.state, alert.detail, alert.ref], [
    "disk:full",
    "error",
    "open",
    { n: 1 },
    "job:nightly",
  ]);
  assert.deepEqual(listed.body.sinks.map((sink: { name: string; isConfigured: boolean }) => sink), [{
    ...listed.body.sinks[0],
    name: "webhook",
    isConfigured: true,
    problem: null,
    pending: 0,
  }]);
  const shown = await ask(stack, "GET", { id: alert.id });
  assert.deepEqual(
    shown.body.deliveries.map((one: Record<string, unknown>) => [one.kind, one.sink, one.state, one.attempts]),
    [["raised", "webhook", "delivered", 1]],
  );
  assert.equal((await ask(stack, "GET", { severity: "critical" })).body.alerts.length, 0);

  const known = await ask(stack, "PATCH", { id: alert.id, to: "acknowledged", note: "on it" });
  assert.deepEqual([known.body.alert.state, known.body.alert.acknowledgedBy, known.body.alert.note], [
    "acknowledged",
    "key:default",
    "on it",
  ]);
  const over = await ask(stack, "PATCH", { id: alert.id, to: "resolved" });
  assert.deepEqual([over.body.alert.state, over.body.alert.resolvedBy, over.body.alert.note], [
    "resolved",
    "key:default",
    "on it",
  ]);
  assert.equal((await ask(stack, "PATCH", { id: alert.id, to: "acknowledged" })).body.alert.state, "resolved");
  await dispatch(stack);
  assert.equal(JSON.parse(receiver.received.at(-1)!.body).type, "alert.resolved");
});

Deno.test("alerts come a page at a time, and every one once", async () => {
  await using stack = await testStack();
  for (let n = 0; n < 7; n++) await raise(stack, `disk:${n}`);
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const { body }: { body: { alerts: { key: string }[]; next: string | null } } = await ask(stack, "GET", {
      limit: "3",
      ...(after === null ? {} : { after }),
    });
    seen.push(...body.alerts.map(({ key }) => key));
    after = body.next;
  } while (after !== null);
  assert.deepEqual(seen, [6, 5, 4, 3, 2, 1, 0].map((n) => `disk:${n}`));
  assert.equal((await ask(stack, "GET", { after: "x" })).status, 422);
});

Deno.test("a silence keeps an alert back until it is lifted", async () => {
  await using receiver = await alertReceiver();
  await using stack = await testStack({
    env: { BALLAST_ALERT_WEBHOOK_URL: `${receiver.url}/hook`, BALLAST_ALERT_WEBHOOK_SECRET: secret },
  });
  const untilAt = new Date(Date.now() + 3_600_000).toISOString();
  const silence = await ask(stack, "POST", { silence: { prefix: "disk:", untilAt, reason: "maintenance" } });
  assert.equal(silence.status, 200, JSON.stringify(silence.body));
  assert.deepEqual([silence.body.silence.maxSeverity, silence.body.silence.createdBy], ["error", "key:default"]);
  await raise(stack, "disk:full");
  await dispatch(stack);
  assert.equal(receiver.received.length, 0);
  assert.equal((await ask(stack, "GET", {})).body.silences.length, 1);
  const { id } = silence.body.silence;
  assert.equal((await ask(stack, "DELETE", { silence: id })).body.silence.reason, "maintenance");
  assert.equal((await ask(stack, "DELETE", { silence: id })).status, 404);
  await dispatch(stack);
  assert.equal(receiver.received.length, 1);
});

Deno.test("a test goes through every sink and says what each answered, without its address", async () => {
  await using receiver = await alertReceiver();
  receiver.answer = ({ path }) => new Response(null, { status: path === "/slack" ? 403 : 204 });
  await using stack = await testStack({
    env: {
      BALLAST_ALERT_WEBHOOK_URL: `${receiver.url}/hook`,
      BALLAST_ALERT_WEBHOOK_SECRET: secret,
      BALLAST_ALERT_SLACK_URL: `${receiver.url}/slack`,
      BALLAST_ALERT_MAIL_URL: "http://mail.example/hunter2",
    },
  });
  const { status, body } = await ask(stack, "POST", { test: {} });
  assert.equal(status, 200, JSON.stringify(body));
  assert.deepEqual(body.test.map(({ sink, code }: Record<string, unknown>) => [sink, code]), [
    ["webhook", null],
    ["slack", "http_403"],
    ["mail", "misconfigured"],
  ]);
  assert.equal(JSON.parse(receiver.received.find(({ path }) => path === "/hook")!.body).type, "alert.test");
  const shown = await ask(stack, "GET", {});
  const mail = shown.body.sinks.find(({ name }: { name: string }) => name === "mail");
  assert.equal(mail.problem, "Cannot use the address as it must begin with https:");
  assert.doesNotMatch(JSON.stringify(shown.body) + stack.logs.join(), /hunter2/);
  const [row] = await stack.database.sql`select count(*)::int as n from resilience.alerts`;
  assert.equal(row?.n, 0);
});

Deno.test("a request that makes no sense is refused, and says which part of it", async () => {
  await using stack = await testStack();
  const untilAt = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  const silence = { prefix: "", untilAt: untilAt(1), reason: "why" };
  for (
    const input of [
      {},
      { silence, test: {} },
      { silence: { ...silence, untilAt: untilAt(-1) } },
      { silence: { ...silence, untilAt: untilAt(91) } },
      { silence: { ...silence, reason: "" } },
      { silence: { ...silence, fromAt: untilAt(2) } },
    ]
  ) {
    assert.equal((await ask(stack, "POST", input)).status, 422, JSON.stringify(input));
  }
  const id = crypto.randomUUID();
  assert.equal((await ask(stack, "GET", { id })).status, 404);
  assert.equal((await ask(stack, "PATCH", { id, to: "resolved" })).status, 404);
  assert.equal((await ask(stack, "PATCH", { id, to: "open" })).status, 422);
});

Deno.test("alerts are nobody's business but an operator's", async () => {
  await using stack = await testStack();
  await raise(stack, "disk:full");
  const user = { authorization: `Bearer ${await userToken(stack.signingKey, { userId: "6f1c" })}` };
  const id = (await stack.database.sql`select id from resilience.alerts`)[0]!.id;
  const calls: [string, Record<string, unknown>, string][] = [
    ["GET", {}, "ops-alerts"],
    ["POST", { test: {} }, "ops-alerts"],
    ["PATCH", { id, to: "resolved" }, "ops-alerts"],
    ["DELETE", { silence: id }, "ops-alerts"],
    ["POST", {}, "alerts-dispatch"],
  ];
  for (const headers of [{}, { apikey: stack.publishableKey }, user]) {
    for (const [method, input, name] of calls) {
      const { status } = await ask(stack, method, input, headers as Record<string, string>, name);
      assert.ok(status === 401 || status === 403, `${method} ${name}: ${status}`);
    }
  }
  const [row] = await stack.database.sql`select state from resilience.alerts`;
  assert.equal(row?.state, "open");
});
