import assert from "node:assert/strict";
import { alertReceiver, hang } from "../harness/alertReceiver.ts";
import { expireLease } from "./jobs/jobDatabase.ts";
import { alertsDatabase, passMinutes, raise } from "./alertsFixture.ts";

const script = new URL("alertsDispatcher.ts", import.meta.url).pathname;

Deno.test("a dispatcher that is killed half-way loses no alert, and repeats only what was on its way, under its id", async () => {
  await using receiver = await alertReceiver();
  await using database = await alertsDatabase();
  for (let n = 0; n < 30; n++) await raise(database, `disk:${n}`);
  const run = () =>
    new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", script],
      env: {
        DISPATCH_DB_URL: database.url,
        BALLAST_ALERT_WEBHOOK_URL: `${receiver.url}/hook`,
        BALLAST_ALERT_WEBHOOK_SECRET: `whsec_${btoa("a secret of thirty-two bytes ....")}`,
        NO_COLOR: "1",
      },
      stdout: "null",
      stderr: "inherit",
    }).spawn();

  // It has sent two batches of eight, and all of the third has arrived and waits for an answer.
  const reached = Promise.withResolvers<void>();
  receiver.answer = (_request, signal) => {
    if (receiver.received.length === 24) reached.resolve();
    return receiver.received.length > 16 ? hang(signal) : new Response(null, { status: 204 });
  };
  const first = run();
  await reached.promise;
  first.kill("SIGKILL");
  await first.status;
  const inFlight = receiver.received.slice(16).map(({ headers }) => headers["webhook-id"]!);

  receiver.answer = () => new Response(null, { status: 204 });
  await expireLease(database.sql, "alerts-dispatch");
  await passMinutes(database, 2);
  assert.deepEqual((await run().status).code, 0);

  const times = new Map<string, number>();
  for (const { headers } of receiver.received) {
    const id = headers["webhook-id"]!;
    times.set(id, (times.get(id) ?? 0) + 1);
  }
  assert.equal(times.size, 30, "none is lost");
  const repeated = [...times].filter(([, count]) => count > 1).map(([id]) => id);
  assert.ok(repeated.every((id) => inFlight.includes(id)), "only what was on its way");
  assert.ok(inFlight.length === 8 && inFlight.every((id) => times.get(id) === 2), "and all of that, once");
  const [left] = await database.sql`
    select count(*)::int as n from resilience.alert_deliveries where delivered_at is null`;
  assert.equal(left?.n, 0);
});
