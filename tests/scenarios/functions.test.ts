import assert from "node:assert/strict";
import { connect } from "../../local/database/connect.ts";
import { waitUntil } from "../../local/database/waitUntil.ts";
import { databaseUrl } from "../harness/databaseUrl.ts";
import { testStack } from "../harness/testStack.ts";

/** Far longer than the checks' limit of 1.5 s, which unit tests hold to the millisecond, and far shorter than for ever. */
const patienceMs = 15_000;

interface Report {
  readonly status: string;
  readonly checks: Record<string, { readonly status: string; readonly output?: string }>;
}

/** Every check passes, but that the database may be called slow: on a busy machine it is. */
function assertSound({ status, checks }: Report, names: readonly string[]): void {
  const isSlow = checks.database?.output === "The database answers slowly";
  const wanted = names.map((name) => [name, isSlow && name === "database" ? "warn" : "pass"]);
  assert.deepEqual(Object.entries(checks).map(([name, check]) => [name, check.status]), wanted, JSON.stringify(checks));
  assert.equal(status, isSlow ? "warn" : "pass");
}

const basicNames = ["database", "clock", "migrations", "fleet", "version"];

Deno.test("ops-health answers a plain request with every check, and holders of the secret key with details", async () => {
  await using stack = await testStack();
  const response = await stack.call("ops-health");
  const report = await response.json();
  assert.equal(response.status, 200, JSON.stringify(report));
  assertSound(report, basicNames);
  assert.ok(Object.values(report.checks).every((check) => (check as { details?: unknown }).details === undefined));

  const deep = await (await stack.call("ops-health", { query: "?deep=1" })).json();
  assert.equal(Object.keys(deep.checks).length, 10);
  assertSound(deep, Object.keys(deep.checks));

  const known = await (await stack.call("ops-health", { headers: { apikey: stack.secretKey } })).json();
  assert.match(known.checks.database.details.serverVersion, /^17/);

  const head = await stack.call("ops-health", { method: "HEAD" });
  assert.deepEqual([head.status, await head.text()], [200, ""]);
  for (const query of ["?deep=maybe", "?shallow=1"]) {
    const refused = await stack.call("ops-health", { query });
    assert.deepEqual([refused.status, (await refused.json()).code], [422, "invalid_input"]);
  }
});

Deno.test("isolates on one port see each other", async () => {
  await using stack = await testStack({ isolates: 2 });
  // A connection of its own each time, as the kernel spreads connections, not requests; and a report is kept for a second.
  const headers = { connection: "close" };
  const areBothSeen = async () => {
    const report = await (await stack.call("ops-health", { headers })).json();
    return report.checks.fleet.observedValue === 2;
  };
  assert.ok(await waitUntil(areBothSeen, { timeoutMs: 10_000, everyMs: 50 }));
});

Deno.test("ops-health says at once that the database is gone, and that it is back", async () => {
  await using stack = await testStack();
  const name = new URL(stack.dbUrl).pathname.slice(1);
  await (await stack.call("ops-health")).body?.cancel();
  // Nobody may connect, and whoever was connected is sent away: as close as one database comes to a server that died.
  const cut = async (isCut: boolean) => {
    await using admin = connect(databaseUrl(stack.database.superuserUrl, "postgres"));
    await admin.unsafe(`alter database ${name} with allow_connections ${!isCut}`);
    await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name} and ${isCut}`;
  };
  await cut(true);
  const until = async (status: number) => {
    let last: { body: unknown; contentType: string | null } | undefined;
    const hasStatus = async () => {
      const askedAt = performance.now();
      const response = await stack.call("ops-health");
      const tookMs = performance.now() - askedAt;
      assert.ok(tookMs < patienceMs, `an answer took ${tookMs} ms`);
      last = { body: await response.json(), contentType: response.headers.get("content-type") };
      return response.status === status;
    };
    assert.ok(
      await waitUntil(hasStatus, { timeoutMs: 20_000, everyMs: 100 }),
      `no ${status} within 20 s: ${JSON.stringify(last)}`,
    );
    // deno-lint-ignore no-explicit-any -- a body is whatever the test makes of it.
    return last as { body: any; contentType: string | null };
  };
  const gone = await until(503);
  assert.equal(gone.body.code, "unhealthy");
  assert.equal(gone.body.details.checks.database.status, "fail");
  assert.equal(gone.contentType, "application/problem+json");
  assert.doesNotMatch(JSON.stringify(gone.body), /127\.0\.0\.1|not currently accepting|postgres/i);
  await cut(false);
  assertSound((await until(200)).body, basicNames);
});

Deno.test("a database that takes connections and never answers is a 503 once the checks' limit is over", async () => {
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const taken: Deno.Conn[] = [];
  const taking = (async () => {
    for await (const connection of silent) taken.push(connection);
  })();
  {
    const url = `postgres://postgres:postgres@127.0.0.1:${silent.addr.port}/postgres`;
    await using stack = await testStack({ env: { SUPABASE_DB_URL: url } });
    for (const query of ["", "?deep=1", ""]) {
      const askedAt = performance.now();
      const response = await stack.call("ops-health", { query });
      const { code, details } = await response.json();
      const tookMs = performance.now() - askedAt;
      assert.deepEqual([response.status, code], [503, "unhealthy"]);
      assert.equal(details.checks.database.output, "No answer within 1500 ms");
      assert.ok(tookMs < patienceMs, `an answer took ${tookMs} ms`);
    }
  }
  silent.close();
  await taking;
  for (const connection of taken) connection.close();
});

Deno.test("ops-openapi serves the document with its own address, and 304 to whoever has it", async () => {
  await using stack = await testStack();
  const response = await stack.call("ops-openapi");
  const document = await response.json();
  assert.equal(response.status, 200);
  assert.match(document.openapi, /^3\.1\./);
  assert.deepEqual(document.servers, [{ url: `${stack.url}/functions/v1` }]);
  const tag = response.headers.get("etag") ?? "";
  const again = await stack.call("ops-openapi", { headers: { "if-none-match": tag } });
  assert.deepEqual([again.status, await again.text()], [304, ""]);
});
