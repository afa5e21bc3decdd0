import assert from "node:assert/strict";
import { Webhook } from "standardwebhooks";
import { readAlertSinks } from "../../supabase/functions/_shared/alerts/alertSettings.ts";
import { deliverAlerts } from "../../supabase/functions/_shared/alerts/outbox/deliverAlerts.ts";
import { postgresAlertOutbox } from "../../supabase/functions/_shared/alerts/outbox/postgresAlertOutbox.ts";
import { CircuitRegistry } from "../../supabase/functions/_shared/breaker/circuitRegistry.ts";
import { seededRandom } from "../../supabase/functions/_shared/random/seededRandom.ts";
import { type AlertReceiver, alertReceiver, hang } from "../harness/alertReceiver.ts";
import { FakeClock } from "../harness/fakeClock.ts";
import { alertsDatabase, dispatch, raise } from "./alertsFixture.ts";
import type { JobDatabase } from "./jobs/jobDatabase.ts";

const secret = `whsec_${btoa("a secret of thirty-two bytes ....")}`;

function sinksOf({ url }: AlertReceiver, variables: Record<string, string> = {}) {
  const env: Record<string, string> = {
    BALLAST_ALERT_WEBHOOK_URL: `${url}/webhook`,
    BALLAST_ALERT_WEBHOOK_SECRET: secret,
    ...variables,
  };
  return readAlertSinks((name) => env[name], { isHosted: false });
}

const deliveries = async ({ sql }: JobDatabase) =>
  (await sql`
    select sink, attempts, last_error_code as code, delivered_at is not null as "isDelivered",
      given_up_at is not null as "isGivenUp", extract(epoch from next_try_at - clock_timestamp())::float8 as "waitS"
    from resilience.alert_deliveries order by notice_id, sink`).map((row) => ({ ...row }));

Deno.test("a webhook, a channel and a mail service each get it in their own way, and the signature holds", async () => {
  await using receiver = await alertReceiver();
  await using database = await alertsDatabase();
  await raise(database, "disk:full");
  const sinks = sinksOf(receiver, {
    BALLAST_ALERT_SLACK_URL: `${receiver.url}/slack`,
    BALLAST_ALERT_MAIL_URL: `${receiver.url}/mail`,
    BALLAST_ALERT_MAIL_KEY: "mail-key",
    BALLAST_ALERT_MAIL_FROM: "ballast@example.com",
    BALLAST_ALERT_MAIL_TO: "ops@example.com",
  });
  await dispatch(database, [], { sinks, watchdog: new URL(`${receiver.url}/watchdog`) });
  const of = (path: string) => receiver.received.filter((request) => request.path === path);
  const [hook] = of("/webhook");
  const verified = new Webhook(secret).verify(hook!.body, hook!.headers) as { type: string; data: { key: string } };
  assert.deepEqual([verified.type, verified.data.key], ["alert.raised", "disk:full"]);
  assert.match(hook!.headers["webhook-id"]!, /^msg_[0-9a-f-]{36}$/);
  assert.equal(JSON.parse(of("/slack")[0]!.body).text, ":red_circle: [error] Alert: It is error");
  const [mail] = of("/mail");
  assert.equal(mail!.headers.authorization, "Bearer mail-key");
  assert.deepEqual(JSON.parse(mail!.body).to, ["ops@example.com"]);
  assert.equal(receiver.received.at(-1)?.path, "/watchdog", "told once the run has gone well");
  assert.equal(receiver.received.length, 4);
});

Deno.test("a receiver that fails gets the same id and body again, no sooner than it asks for", async () => {
  await using receiver = await alertReceiver();
  await using database = await alertsDatabase();
  await raise(database, "disk:full");
  receiver.answer = () => new Response("down", { status: 503, headers: { "retry-after": "1200" } });
  await dispatch(database, [], { sinks: sinksOf(receiver) });
  const [failed] = await deliveries(database);
  assert.deepEqual([failed?.code, failed?.attempts, failed?.isDelivered], ["http_503", 1, false]);
  assert.ok(failed?.waitS > 1_100 && failed?.waitS <= 1_200, `${failed?.waitS}`);
  receiver.answer = () => new Response(null, { status: 204 });
  await raise(database, "disk:full", "error");
  await database.sql`update resilience.alert_deliveries set next_try_at = now()`;
  await dispatch(database, [], { sinks: sinksOf(receiver) });
  const [first, second] = receiver.received;
  assert.equal(receiver.received.length, 2);
  assert.deepEqual([second?.headers["webhook-id"], second?.body], [first?.headers["webhook-id"], first?.body]);
});

Deno.test("a redirect is not followed, and nothing of the address is kept", async () => {
  await using receiver = await alertReceiver();
  await using database = await alertsDatabase();
  await raise(database, "disk:full");
  receiver.answer = ({ path }) =>
    path === "/webhook" ? Response.redirect(`${receiver.url}/elsewhere`, 307) : new Response(null, { status: 204 });
  await dispatch(database, [], { sinks: sinksOf(receiver) });
  assert.deepEqual(receiver.received.map(({ path }) => path), ["/webhook"]);
  assert.deepEqual((await deliveries(database)).map(({ code }) => code), ["redirected"]);
});

Deno.test("a receiver that is gone is switched off at once, and what waited for it is given up", async () => {
  await using receiver = await alertReceiver();
  await using database = await alertsDatabase();
  for (let n = 0; n < 12; n++) await raise(database, `disk:${n}`);
  receiver.answer = () => new Response(null, { status: 410 });
  await dispatch(database, [], { sinks: sinksOf(receiver) });
  assert.ok((await deliveries(database)).every(({ isGivenUp }) => isGivenUp));
  assert.ok(receiver.received.length <= 8, "no batch after the first");
  const [sink] = await database.sql`select disabled_reason from resilience.alert_sinks`;
  assert.equal(sink?.disabled_reason, "http_410");
});

Deno.test("a receiver that cannot be reached costs nobody else their alert", async () => {
  await using receiver = await alertReceiver();
  await using database = await alertsDatabase();
  await raise(database, "disk:full");
  const closed = await alertReceiver();
  await closed[Symbol.asyncDispose]();
  const sinks = sinksOf(receiver, { BALLAST_ALERT_SLACK_URL: `${closed.url}/slack` });
  await dispatch(database, [], { sinks });
  assert.deepEqual((await deliveries(database)).map(({ sink, code, isDelivered }) => [sink, code, isDelivered]), [
    ["slack", "unreachable", false],
    ["webhook", null, true],
  ]);
});

/** A batch by a runner with a clock of its own, so that nobody waits for a time limit. */
function batchOf(
  database: JobDatabase,
  receiver: AlertReceiver,
  clock: FakeClock,
  signal = new AbortController().signal,
) {
  const outbox = postgresAlertOutbox(database.admin.sql);
  const sinks = sinksOf(receiver);
  const breakers = new CircuitRegistry({ clock });
  const parts = { outbox, sinks, breakers, random: seededRandom(5), signal, giveUpSeconds: 86_400 };
  return { outbox, sinks, run: () => deliverAlerts(parts) };
}

Deno.test("a receiver that hangs is left after ten seconds, and tried again later", async () => {
  await using receiver = await alertReceiver();
  await using database = await alertsDatabase();
  await raise(database, "disk:full");
  const reached = Promise.withResolvers<void>();
  receiver.answer = (_request, signal) => {
    reached.resolve();
    return hang(signal);
  };
  const clock = new FakeClock();
  const batch = batchOf(database, receiver, clock);
  await batch.outbox.fanOut(batch.sinks);
  const running = batch.run();
  await reached.promise;
  await clock.advance(10_001);
  assert.deepEqual(await running, { delivered: 0, failed: 1, postponed: 0 });
  const [delivery] = await deliveries(database);
  assert.deepEqual([delivery?.code, delivery?.attempts], ["ETIMEDOUT", 1]);
  assert.ok(delivery?.waitS >= 15);
});

Deno.test("a runner whose time is up gives back what it was sending, untried", async () => {
  await using receiver = await alertReceiver();
  await using database = await alertsDatabase();
  await raise(database, "disk:full");
  const reached = Promise.withResolvers<void>();
  receiver.answer = (_request, signal) => {
    reached.resolve();
    return hang(signal);
  };
  const ending = new AbortController();
  const batch = batchOf(database, receiver, new FakeClock(), ending.signal);
  await batch.outbox.fanOut(batch.sinks);
  const running = batch.run();
  await reached.promise;
  ending.abort();
  assert.deepEqual(await running, { delivered: 0, failed: 0, postponed: 1 });
  assert.deepEqual((await deliveries(database)).map(({ code, attempts }) => [code, attempts]), [["interrupted", 0]]);
});

Deno.test("a receiver that keeps failing is left alone by its circuit, which costs no tries", async () => {
  await using receiver = await alertReceiver();
  await using database = await alertsDatabase();
  for (let n = 0; n < 24; n++) await raise(database, `disk:${n}`);
  receiver.answer = () => new Response(null, { status: 500 });
  const batch = batchOf(database, receiver, new FakeClock());
  await batch.outbox.fanOut(batch.sinks);
  const results = [await batch.run(), await batch.run(), await batch.run()];
  assert.deepEqual(results.map(({ failed }) => failed), [8, 0, 0]);
  assert.deepEqual(results.map(({ postponed }) => postponed), [0, 8, 8]);
  assert.equal(receiver.received.length, 8);
  const tried = (await deliveries(database)).map(({ attempts }) => attempts);
  assert.equal(tried.filter((attempts) => attempts > 0).length, 8);
});
