import assert from "node:assert/strict";
import { expireLease } from "./jobs/jobDatabase.ts";
import { alerts, alertsDatabase, dispatch, passMinutes, raise, RecordingSink } from "./alertsFixture.ts";
import { deliverAlerts } from "../../supabase/functions/_shared/alerts/outbox/deliverAlerts.ts";
import { postgresAlertOutbox } from "../../supabase/functions/_shared/alerts/outbox/postgresAlertOutbox.ts";
import { failingSinks } from "../../supabase/functions/_shared/alerts/conditions/failingSinks.ts";
import { CircuitRegistry } from "../../supabase/functions/_shared/breaker/circuitRegistry.ts";
import { seededRandom } from "../../supabase/functions/_shared/random/seededRandom.ts";

const ids = (sink: RecordingSink) => sink.told.map(({ id }) => id);

Deno.test("each sink hears of what it wants to hear of, once", async () => {
  await using database = await alertsDatabase();
  const [pager, chat] = [new RecordingSink("pager", "error"), new RecordingSink("chat")];
  await raise(database, "disk:full", "critical");
  await raise(database, "budget:low", "warning");
  for (const _run of [1, 2]) await dispatch(database, [pager, chat]);
  assert.deepEqual(pager.kinds, ["raised disk:full critical"]);
  assert.deepEqual(chat.kinds.toSorted(), ["raised budget:low warning", "raised disk:full critical"]);
});

Deno.test("two dispatchers side by side deliver everything, and nothing twice", async () => {
  await using database = await alertsDatabase({}, 8);
  for (let n = 0; n < 40; n++) await raise(database, `disk:${n}`);
  const sink = new RecordingSink("pager");
  const sinks = [sink.configured];
  // Not the job, whose lease keeps them apart: the outbox itself.
  const runner = async () => {
    const outbox = postgresAlertOutbox(database.admin.sql);
    const parts = {
      outbox,
      sinks,
      breakers: new CircuitRegistry(),
      random: seededRandom(3),
      signal: new AbortController().signal,
      giveUpSeconds: 86_400,
    };
    await outbox.fanOut(sinks);
    while ((await deliverAlerts(parts)).delivered > 0);
  };
  await Promise.all([runner(), runner(), runner()]);
  assert.equal(sink.told.length, 40);
  assert.equal(new Set(ids(sink)).size, 40);
});

Deno.test("a runner that dies while it sends loses nothing and doubles nothing that had arrived and was settled", async () => {
  await using database = await alertsDatabase();
  for (let n = 0; n < 20; n++) await raise(database, `disk:${n}`);
  const sink = new RecordingSink("pager");
  let batches = 0;
  const dead = await dispatch(database, [sink], {
    async work(chunk, go) {
      // Dies before its third batch is sent: its lease runs out, and it never says so.
      if (chunk.progress !== undefined && ++batches === 3) {
        await expireLease(database.sql, "alerts-dispatch");
        const heir = await dispatch(database, [sink]);
        assert.equal(heir.status, "succeeded");
      }
      return await go();
    },
  });
  assert.equal(dead.status, "lost");
  assert.equal(sink.told.length, 20);
  assert.equal(new Set(ids(sink)).size, 20);
});

Deno.test("a runner that dies once the conditions are settled has counted what they found, and its heir does not again", async () => {
  await using database = await alertsDatabase();
  const sink = new RecordingSink("pager");
  const found = {
    name: "found",
    find: () => Promise.resolve([{ key: "found:1", severity: "error" as const, title: "x" }]),
  };
  const dead = await dispatch(database, [sink], {
    conditions: [found],
    async work({ progress }, go) {
      const settled = await go();
      if (progress !== undefined) return settled;
      await expireLease(database.sql, "alerts-dispatch");
      const heir = await dispatch(database, [sink], { conditions: [found] });
      assert.equal(heir.status, "succeeded");
      return settled;
    },
  });
  assert.equal(dead.status, "lost");
  assert.deepEqual(await alerts(database), ["found:1 1 open error 1"]);
  assert.deepEqual(sink.kinds, ["raised found:1 error"]);
});

Deno.test("a batch whose sender was killed before it could say so goes out again after its lease, under the same ids", async () => {
  await using database = await alertsDatabase();
  const sink = new RecordingSink("pager");
  await raise(database, "disk:full");
  const outbox = postgresAlertOutbox(database.admin.sql);
  await outbox.register([sink.configured]);
  await outbox.fanOut([sink.configured]);
  const [killed] = await outbox.claim(["pager"], 8, 60);
  await dispatch(database, [sink]);
  assert.deepEqual(ids(sink), [], "the lease keeps others away");
  await passMinutes(database, 2);
  await dispatch(database, [sink]);
  assert.deepEqual(ids(sink), [killed?.notice.id]);
  assert.equal(await outbox.settle(killed!, { kind: "failed", code: "late", waitMs: 0 }, 60), false);
});

Deno.test("what fails is tried again later, in its order, and is given up in the end; the others hear of it", async () => {
  await using database = await alertsDatabase({ giveUpDays: 1 });
  const [pager, chat] = [new RecordingSink("pager"), new RecordingSink("chat")];
  pager.status = 500;
  const conditions = [failingSinks];
  const run = () => dispatch(database, [pager, chat], { conditions });
  await raise(database, "disk:full");
  await run();
  await database.sql`select resilience.resolve_alert('disk:full', 'key:default')`;
  await run();
  assert.deepEqual(chat.kinds, ["raised disk:full error", "resolved disk:full error"]);
  const tries = () =>
    database.sql`select kind, attempts, last_error_code as code from resilience.alert_deliveries delivery
      join resilience.alert_notices notice on notice.id = delivery.notice_id where sink = 'pager' order by notice_id`;
  assert.deepEqual((await tries()).map((row) => ({ ...row })), [
    { kind: "raised", attempts: 1, code: "http_500" },
    { kind: "resolved", attempts: 0, code: null },
  ]);
  for (const _time of [1, 2]) {
    await passMinutes(database, 61);
    await run();
  }
  await run();
  assert.deepEqual(chat.kinds.slice(2), ["raised alert_sink:pager error"]);
  assert.equal(pager.told.length, 0);

  pager.status = undefined;
  await passMinutes(database, 61);
  await run();
  assert.deepEqual(pager.kinds, ["raised disk:full error", "resolved disk:full error"], "in their order");
  await passMinutes(database, 6);
  await run();
  assert.deepEqual(chat.kinds.slice(3), ["resolved alert_sink:pager error"]);

  pager.status = 500;
  await raise(database, "disk:full");
  await run();
  await passMinutes(database, 60 * 25);
  await run();
  const [given] = await database.sql`
    select count(*)::int as n from resilience.alert_deliveries where sink = 'pager' and given_up_at is not null`;
  assert.equal(given?.n, 1);
});

Deno.test("a receiver that says it is gone is told no more, until its address is another one", async () => {
  await using database = await alertsDatabase();
  const [pager, chat] = [new RecordingSink("pager"), new RecordingSink("chat")];
  pager.status = 410;
  const run = (sinks = [pager, chat]) => dispatch(database, sinks, { conditions: [failingSinks] });
  await raise(database, "disk:full");
  await run();
  await raise(database, "disk:slow");
  pager.status = undefined;
  await run();
  assert.deepEqual(pager.kinds, []);
  assert.ok(chat.kinds.includes("raised alert_sink:pager error"), chat.kinds.join());
  const elsewhere = { ...pager.configured, target: "https://elsewhere.example" };
  await dispatch(database, [], { sinks: [elsewhere] });
  await raise(database, "disk:gone");
  await dispatch(database, [], { sinks: [elsewhere] });
  assert.deepEqual(pager.kinds, ["raised disk:gone error"]);
});

Deno.test("without a sink alerts are kept, and one that comes later hears of what comes later", async () => {
  await using database = await alertsDatabase();
  const sink = new RecordingSink("pager");
  await raise(database, "disk:full");
  await dispatch(database, []);
  await dispatch(database, [sink]);
  await raise(database, "disk:slow");
  await database.sql`select resilience.resolve_alert('disk:full', 'key:default')`;
  await dispatch(database, [sink]);
  assert.deepEqual(sink.kinds, ["raised disk:slow error"]);
  assert.deepEqual(await alerts(database), ["disk:full 1 resolved error 1", "disk:slow 1 open error 1"]);
});

Deno.test("a condition that cannot look keeps the others looking, and what it had found open", async () => {
  await using database = await alertsDatabase();
  const sink = new RecordingSink("pager");
  let isBroken = false;
  const flaky = {
    name: "flaky",
    find: () =>
      isBroken
        ? Promise.reject(Object.assign(new Error("x"), { code: "42P01" }))
        : Promise.resolve([{ key: "flaky:one", severity: "error" as const, title: "Found" }]),
  };
  const run = () => dispatch(database, [sink], { conditions: [flaky] });
  await run();
  isBroken = true;
  await passMinutes(database, 60);
  await run();
  assert.deepEqual(sink.kinds, ["raised flaky:one error", "raised condition_blind:flaky warning"]);
  isBroken = false;
  await run();
  assert.deepEqual((await alerts(database))[1], "flaky:one 1 open error 2");
});

Deno.test("a rehearsal tells what would be raised and changes nothing", async () => {
  await using database = await alertsDatabase();
  const found = {
    name: "found",
    find: () => Promise.resolve([{ key: "found:one", severity: "info" as const, title: "x" }]),
  };
  const result = await dispatch(database, [new RecordingSink("pager")], {
    conditions: [found],
    work: (chunk, go) => {
      Object.assign(chunk, { isDryRun: true });
      return go();
    },
  });
  assert.deepEqual(result.status === "succeeded" && result.outcome, { found: ["found:one"], blind: [] });
  assert.deepEqual(await alerts(database), []);
});

Deno.test("a slip in the thresholds keeps nobody from hearing of anything, and is told", async () => {
  await using database = await alertsDatabase({ circuitMinuets: 3 });
  const sink = new RecordingSink("pager");
  await raise(database, "disk:full");
  assert.equal((await dispatch(database, [sink])).status, "succeeded");
  assert.deepEqual(sink.kinds, ["raised disk:full error", "raised alerts_misconfigured:thresholds warning"]);
  assert.match(JSON.stringify(sink.told[1]?.alert.detail), /circuitMinuets/);
});
