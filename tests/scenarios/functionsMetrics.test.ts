import assert from "node:assert/strict";
import { waitUntil } from "../../local/database/waitUntil.ts";
import { type TestStack, testStack } from "../harness/testStack.ts";
import { userToken } from "../harness/userToken.ts";

async function ask(stack: TestStack, query: string, headers: Record<string, string> = { apikey: stack.secretKey }) {
  const response = await stack.call("ops-metrics", { query, headers });
  const text = await response.text();
  const type = response.headers.get("content-type");
  // deno-lint-ignore no-explicit-any -- a body is whatever the test makes of it.
  const body = type?.includes("json") ? JSON.parse(text) as any : null;
  return { status: response.status, type, text, body };
}

/** Calls until what the isolate has measured is written: its first write is due within ten seconds. */
async function untilWritten(stack: TestStack): Promise<void> {
  const isWritten = async () => {
    await (await stack.call("ops-openapi")).body?.cancel();
    return (await stack.database.sql`select from resilience.metric_samples limit 1`).length > 0;
  };
  assert.ok(await waitUntil(isWritten, { timeoutMs: 15_000 }));
}

Deno.test("requests that functions answered are shown by ops-metrics, as JSON and to Prometheus, before and after the roll-up", async () => {
  await using stack = await testStack();
  await untilWritten(stack);
  const before = await ask(stack, "?window=5m&function=ops-openapi");
  assert.equal(before.status, 200, before.text);
  const [requests] = before.body.metrics.functions;
  assert.deepEqual([requests.functionName, requests.operation, requests.failures], ["ops-openapi", "http", 0]);
  assert.ok(requests.count > 0 && requests.p50Ms > 0 && requests.p50Ms <= requests.p99Ms);
  assert.deepEqual(before.body.metrics.healingSuccessRate, null);

  const scrape = await ask(stack, "?format=prometheus");
  assert.deepEqual([scrape.status, scrape.type], [200, "text/plain; version=0.0.4; charset=utf-8"]);
  assert.match(scrape.text, /^# TYPE ballast_operation_duration_seconds summary$/m);
  const sample = /^ballast_operation_duration_seconds_count\{function="ops-openapi",operation="http\.GET"\} [1-9]\d*$/m;
  assert.match(scrape.text, sample);
  assert.match(
    scrape.text,
    /^ballast_operation_duration_seconds\{function="ops-openapi",operation="http\.GET",quantile="0\.99"\} \d/m,
  );

  const wake = await stack.call("metrics-rollup", {
    method: "POST",
    headers: { apikey: stack.secretKey, "content-type": "application/json" },
    body: "{}",
  });
  assert.deepEqual([wake.status, (await wake.json()).status], [202, "started"]);
  const isMerged = async () => {
    const [run] = await stack.database.sql`select state from resilience.job_runs where job_name = 'metrics-rollup'`;
    return run?.state === "succeeded";
  };
  assert.ok(await waitUntil(isMerged, { timeoutMs: 10_000 }));
  const [minute] = await stack.database.sql`select from resilience.metric_rollups where resolution = 'minute'`;
  assert.ok(minute !== undefined);
  const after = await ask(stack, "?window=5m&function=ops-openapi&operation=http.GET");
  assert.ok(after.body.metrics.series[0].count >= requests.count);
  const weekly = await ask(stack, "?weekly=true");
  assert.deepEqual([weekly.body.lastWeek.circuitBreakerTrips, weekly.body.changes.avgInsertDuration], [0, null]);
});

Deno.test("what was measured is nobody's business but an operator's, and a query that means nothing is refused", async () => {
  await using stack = await testStack();
  const user = { authorization: `Bearer ${await userToken(stack.signingKey, { userId: "6f1c" })}` };
  for (const headers of [{}, { apikey: stack.publishableKey }, user]) {
    for (const query of ["", "?format=prometheus"]) {
      const { status } = await ask(stack, query, headers as Record<string, string>);
      assert.ok(status === 401 || status === 403, `${status}`);
    }
    const response = await stack.call("metrics-rollup", {
      method: "POST",
      headers: { ...headers as Record<string, string>, "content-type": "application/json" },
      body: "{}",
    });
    await response.body?.cancel();
    assert.ok(response.status === 401 || response.status === 403, `${response.status}`);
  }
  const bad = [
    "?window=2y",
    "?from=2026-01-01T00:00:00Z",
    "?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z",
    "?from=2024-01-01T00:00:00Z&to=2026-01-01T00:00:00Z",
    "?window=1h&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z",
    "?slow=-1",
    "?slow=1000",
    "?format=xml",
    "?operation=%00",
    "?window=1h&window=1h",
    "?unknown=1",
  ];
  for (const query of bad) {
    const { status, body } = await ask(stack, query);
    assert.deepEqual([status, body?.code], [422, "invalid_input"], query);
  }
  const empty = await ask(stack, "?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z");
  assert.deepEqual([empty.status, empty.body.metrics.series, empty.body.slow], [200, [], []]);
});
