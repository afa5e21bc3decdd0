import assert from "node:assert/strict";
import { FakeClock } from "../../../../tests/harness/fakeClock.ts";
import { AppError } from "../../_shared/errors/appError.ts";
import type { Caller } from "../../_shared/http/caller.ts";
import { checkHealth } from "./checkHealth.ts";
import type { HealthPorts } from "./health/healthPorts.ts";
import type { HealthProbe } from "./health/healthProbe.ts";
import type { HealthReport } from "./health/healthReport.ts";

const clientAddress = "192.0.2.1";
const anyone: Caller = { kind: "none", clientAddress };
const operator: Caller = { kind: "secret", keyName: "default", clientAddress };

/** A suite in which everything works but what the test breaks. */
function suite(broken: Partial<HealthProbe> = {}) {
  const clock = new FakeClock();
  let pings = 0;
  const probe: HealthProbe = {
    ping: () => {
      pings += 1;
      return Promise.resolve({ nowMs: clock.now(), serverVersion: "17.10", isReadOnly: false });
    },
    appliedMigrations: () => Promise.resolve(["1", "2"]),
    access: () => Promise.resolve({ missingRoles: [], reachable: [], unprotected: [], unprotectedPublic: [] }),
    writeAndRead: () => Promise.resolve(true),
    jobs: () => Promise.resolve([]),
    queues: () => Promise.resolve([]),
    extensions: () => Promise.resolve(["plpgsql 1.0"]),
    ...broken,
  };
  const member = { id: "i1", region: "local", startedAtMs: 0, ballastVersion: "0.1.0", denoVersion: "2.1.4" };
  const ports: HealthPorts = {
    clock,
    probe,
    fleet: { beat: () => Promise.resolve({ isolatesSeen: 3 }) },
    member,
    expectedMigrations: ["1", "2"],
  };
  const handler = checkHealth(() => ports);
  const ask = (caller: Caller, deep = false) => handler({ deep }, { clock, caller });
  return { ask, clock, pings: () => pings };
}

async function failureOf(asking: Promise<HealthReport>): Promise<AppError<"unhealthy">> {
  const error = await asking.then(() => assert.fail("the suite was said to be healthy"), (error) => error);
  assert.ok(error instanceof AppError && error.code === "unhealthy", String(error));
  return error as AppError<"unhealthy">;
}

Deno.test("a suite in order passes every check", async () => {
  const { ask } = suite();
  const report = await ask(anyone);
  assert.equal(report.status, "pass");
  assert.deepEqual(Object.keys(report.checks), ["database", "clock", "migrations", "fleet", "version"]);
  assert.equal(report.checks.fleet?.observedValue, 3);
});

Deno.test("a deep look covers more", async () => {
  const { ask } = suite();
  const report = await ask(anyone, true);
  assert.deepEqual(Object.keys(report.checks).slice(5), ["access", "writes", "jobs", "queues", "extensions"]);
});

Deno.test("details are for holders of the secret key", async () => {
  const { ask } = suite();
  const shown = JSON.stringify(await ask(anyone, true));
  for (const secret of ["17.10", "plpgsql", "2.1.4", "i1"]) assert.ok(!shown.includes(secret), `${secret} is shown`);
  assert.equal((await ask(operator)).checks.database?.details?.serverVersion, "17.10");
});

Deno.test("a missing migration fails, with the report in the answer and no name of it", async () => {
  const { ask } = suite({ appliedMigrations: () => Promise.resolve(["1"]) });
  const { status, details, message } = await failureOf(ask(anyone));
  assert.equal(status, 503);
  assert.match(message, /migrations/);
  assert.equal(details?.checks.migrations?.status, "fail");
  assert.equal(details?.checks.database?.status, "pass");
  assert.equal(details?.checks.migrations?.details, undefined);
});

Deno.test("a database that never answers is a failure within two seconds, and no driver's word is passed on", async () => {
  const refused = () => Promise.reject(Object.assign(new Error("connect 10.0.0.7:5432"), { code: "ECONNREFUSED" }));
  const { ask, clock } = suite({ ping: () => new Promise(() => {}), appliedMigrations: refused });
  const asking = failureOf(ask(operator));
  await clock.advance(2_000);
  const { details } = await asking;
  assert.equal(details?.checks.database?.output, "No answer within 1500 ms");
  assert.deepEqual(details?.checks.migrations?.details, { code: "ECONNREFUSED" });
  assert.ok(!JSON.stringify(details).includes("10.0.0.7"));
  assert.equal(clock.pendingTimers, 0);
});

Deno.test("a read-only database fails, a check that is not critical and throws only warns", async () => {
  const readOnly = () => Promise.resolve({ nowMs: Date.UTC(2026, 0, 1), serverVersion: "17", isReadOnly: true });
  assert.equal((await failureOf(suite({ ping: readOnly }).ask(anyone))).details?.checks.database?.status, "fail");
  const { ask } = suite({ jobs: () => Promise.reject(new Error("no such function")) });
  const report = await ask(anyone, true);
  assert.deepEqual([report.status, report.checks.jobs?.status], ["warn", "warn"]);
});

Deno.test("a hundred askers at once are one run, and one a second", async () => {
  const { ask, clock, pings } = suite();
  await Promise.all(Array.from({ length: 100 }, () => ask(anyone)));
  assert.equal(pings(), 1);
  await clock.advance(1_000);
  await ask(anyone);
  assert.equal(pings(), 2);
});
