import assert from "node:assert/strict";
import { startScheduler } from "../../local/scheduler/scheduler.ts";
import { FakeClock } from "../harness/fakeClock.ts";
import { addSchedule, jobDatabase } from "./jobs/jobDatabase.ts";

interface Woken {
  readonly path: string;
  readonly apikey: string | null;
  readonly body: { job: string; scheduledFor: string };
}

Deno.test("the local scheduler wakes the functions of the table and takes up its changes", async () => {
  await using database = await jobDatabase();
  await addSchedule(database.sql, "each-minute");
  await addSchedule(database.sql, "off", { isEnabled: false });
  const woken: Woken[] = [];
  let arrived = Promise.withResolvers<void>();
  await using gateway = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    woken.push({
      path: new URL(request.url).pathname,
      apikey: request.headers.get("apikey"),
      body: await request.json(),
    });
    arrived.resolve();
    return new Response("{}", { status: 202 });
  });
  const lines: string[] = [];
  const logged = () => lines.filter((line) => line.startsWith("Woke")).length;
  const clock = new FakeClock(Date.parse("2026-11-21T10:00:30Z"));
  const scheduler = await startScheduler({
    dbUrl: database.url,
    gatewayUrl: `http://127.0.0.1:${gateway.addr.port}`,
    secretKey: "sb_secret_x",
    onLog: (line) => lines.push(line),
    clock,
    pollMs: 86_400_000,
  });
  await clock.advance(30_000);
  await arrived.promise;
  assert.deepEqual(woken, [{
    path: "/functions/v1/some-job",
    apikey: "sb_secret_x",
    body: { job: "each-minute", scheduledFor: "2026-11-21T10:01:00.000Z" },
  }]);
  arrived = Promise.withResolvers<void>();
  await scheduler.stop();
  assert.ok(logged() <= 1);

  await database.sql`update resilience.job_schedules set is_enabled = not is_enabled`;
  const again = await startScheduler({
    dbUrl: database.url,
    gatewayUrl: `http://127.0.0.1:${gateway.addr.port}`,
    secretKey: "sb_secret_x",
    clock,
    pollMs: 86_400_000,
  });
  await clock.advance(60_000);
  await arrived.promise;
  assert.deepEqual(woken.slice(1).map(({ body }) => body.job), ["off"]);
  await again.stop();
  assert.equal(clock.pendingTimers, 0);
});

Deno.test("the local scheduler starts, tells and stops where the database is away", async () => {
  const lines: string[] = [];
  const scheduler = await startScheduler({
    dbUrl: "postgres://postgres@127.0.0.1:9/none",
    gatewayUrl: "http://127.0.0.1:9",
    secretKey: "x",
    onLog: (line) => lines.push(line),
    clock: new FakeClock(),
  });
  await scheduler.stop();
  assert.match(lines.join("\n"), /^Cannot read the job schedules: .*ECONNREFUSED/);
});
