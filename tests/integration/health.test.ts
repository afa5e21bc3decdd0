import assert from "node:assert/strict";
import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import { parseConnectionUrl } from "../../supabase/functions/_shared/db/connectionSettings.ts";
import type { Database } from "../../supabase/functions/_shared/db/database.ts";
import { createSqlClient } from "../../supabase/functions/_shared/db/sqlClient.ts";
import { type FleetMember, postgresFleet } from "../../supabase/functions/_shared/fleet/postgresFleet.ts";
import { systemClock } from "../../supabase/functions/_shared/time/clock.ts";
import { basicChecks } from "../../supabase/functions/_domains/ops/health/basicChecks.ts";
import { accessFinding, deepChecks, queuesFinding } from "../../supabase/functions/_domains/ops/health/deepChecks.ts";
import { postgresHealthProbe } from "../../supabase/functions/_domains/ops/health/postgresHealthProbe.ts";
import { runHealthChecks } from "../../supabase/functions/_domains/ops/health/runHealthChecks.ts";
import { migrationVersions } from "../../supabase/functions/_domains/ops/migrationVersions.ts";
import { testDatabase } from "../harness/testDatabase.ts";

const member = (id: string): FleetMember => ({
  id,
  region: "local",
  startedAtMs: Date.now(),
  ballastVersion: "0.1.0",
  denoVersion: "2.1.4",
});

function connect(url: string): Database & AsyncDisposable {
  const client = createSqlClient({ ...parseConnectionUrl(url), poolSize: 1, applicationName: "ballast/health-test" });
  return Object.assign(adminDatabase(client), { [Symbol.asyncDispose]: () => client.close() });
}

function portsOf(database: Database, self = member("one")) {
  return {
    clock: systemClock,
    probe: postgresHealthProbe(database, self),
    fleet: postgresFleet(database, self),
    member: self,
    expectedMigrations: migrationVersions,
  };
}

Deno.test("on a migrated database every check passes, the deep ones too", async () => {
  await using database = await testDatabase();
  await using connection = connect(database.url);
  const ports = portsOf(connection);
  const report = await runHealthChecks([...basicChecks(ports), ...deepChecks(ports)], {
    clock: systemClock,
    limitMs: 10_000,
  });
  // On a busy machine the database may be called slow; whatever else is amiss shows.
  const { database: itself, ...others } = report.checks;
  assert.match(`${itself?.status} ${itself?.output}`, /^pass undefined$|^warn The database answers slowly$/);
  assert.ok(Object.values(others).every(({ status }) => status === "pass"), JSON.stringify(report, null, 2));
  assert.equal(Object.keys(report.checks).length, 10);
  assert.match(String(report.checks.database?.details?.serverVersion), /^17\./);
  assert.equal(report.checks.migrations?.observedValue, migrationVersions.length);
});

Deno.test("isolates see each other, and a row is written at most once a second by each", async () => {
  await using database = await testDatabase();
  await using connection = connect(database.url);
  const [one, other] = [postgresFleet(connection, member("one")), postgresFleet(connection, member("other"))];
  assert.equal((await one.beat()).isolatesSeen, 1);
  assert.equal((await other.beat()).isolatesSeen, 2);
  const version = async () =>
    (await database.sql`select xmin::text as x from resilience.isolates where id = 'one'`)[0]?.x;
  const before = await version();
  await Promise.all(Array.from({ length: 20 }, () => one.beat()));
  assert.equal(await version(), before, "the row was written again within the second");
  await database.sql`update resilience.isolates set first_seen_at = first_seen_at - interval '2 minutes',
    seen_at = seen_at - interval '61 seconds'`;
  assert.equal((await other.beat()).isolatesSeen, 1, "an isolate not seen for a minute was counted");
  assert.equal((await one.beat()).isolatesSeen, 2);
});

Deno.test("a grant to an API role, a table without row level security and a missing migration are found", async () => {
  await using database = await testDatabase();
  await using connection = connect(database.url);
  const probe = postgresHealthProbe(connection, member("one"));
  assert.equal(accessFinding(await probe.access()).status, "pass");
  await database.sql`create table public.loose (id integer)`;
  assert.deepEqual((await probe.access()).unprotectedPublic, ["loose"]);
  await database.sql`alter table resilience.isolates disable row level security`;
  assert.deepEqual((await probe.access()).unprotected, ["isolates"]);
  await database.sql`grant select on resilience.isolates to anon`;
  await database.sql`grant usage on schema resilience to authenticated`;
  assert.deepEqual((await probe.access()).reachable, ["isolates", "schema for authenticated"]);
  await database.sql`delete from supabase_migrations.schema_migrations where version = '20261121090600'`;
  const report = await runHealthChecks(basicChecks(portsOf(connection)), { clock: systemClock, limitMs: 10_000 });
  assert.deepEqual(report.checks.migrations?.details?.missing, ["20261121090600"]);
});

Deno.test("jobs and queues tell how they do", async () => {
  await using database = await testDatabase();
  await using connection = connect(database.url);
  const probe = postgresHealthProbe(connection, member("one"));
  await database.sql`update resilience.job_schedules set enabled_at = now() - interval '1 year'`;
  assert.ok((await probe.jobs()).every(({ isOverdue }) => isOverdue));
  await database.sql`insert into resilience.queue_messages (queue, payload, enqueued_at, visible_at)
    values ('mail', '{}', now() - interval '11 minutes', now() - interval '11 minutes')`;
  const [queue] = await probe.queues();
  assert.deepEqual([queue?.name, queue?.waiting, queue?.dead], ["mail", 1, 0]);
  assert.equal(queuesFinding([queue!]).output, "Some messages have waited for long");
});

Deno.test("a database that refuses writes fails", async () => {
  await using database = await testDatabase();
  const name = new URL(database.url).pathname.slice(1);
  await database.sql.unsafe(`alter database ${name} set default_transaction_read_only = on`);
  await using connection = connect(database.url);
  const ports = portsOf(connection);
  const report = await runHealthChecks([...basicChecks(ports), ...deepChecks(ports)], {
    clock: systemClock,
    limitMs: 10_000,
  });
  assert.equal(report.checks.database?.output, "The database refuses writes");
  assert.deepEqual(report.checks.writes, {
    status: "fail",
    output: "The check could not be made",
    details: { code: "25006" },
  });
});

Deno.test("a database nobody listens for fails, and is not waited for until the limit", async () => {
  await using connection = connect("postgres://postgres:postgres@127.0.0.1:1/postgres");
  const report = await runHealthChecks(basicChecks(portsOf(connection)), { clock: systemClock, limitMs: 60_000 });
  assert.equal(report.status, "fail");
  assert.equal(report.checks.database?.status, "fail");
  assert.doesNotMatch(String(report.checks.database?.output), /^No answer within/);
  assert.equal(report.checks.version?.status, "pass");
});
