import assert from "node:assert/strict";
import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import { parseConnectionUrl } from "../../supabase/functions/_shared/db/connectionSettings.ts";
import { createSqlClient } from "../../supabase/functions/_shared/db/sqlClient.ts";
import { createSelfOptimizer } from "../../supabase/functions/_shared/optimizer/createSelfOptimizer.ts";
import type { NumberKnob } from "../../supabase/functions/_shared/optimizer/knobs/knob.ts";
import { KnobView } from "../../supabase/functions/_shared/optimizer/knobs/knobView.ts";
import { readTuning } from "../../supabase/functions/_shared/optimizer/knobs/readTuning.ts";
import { isTreated } from "../../supabase/functions/_shared/optimizer/knobs/trial.ts";
import { postgresTuningStore } from "../../supabase/functions/_shared/optimizer/lifecycle/postgresTuningStore.ts";
import type { TuningStore } from "../../supabase/functions/_shared/optimizer/lifecycle/tuningStore.ts";
import { postgresCircuitStore } from "../../supabase/functions/_shared/breaker/postgresCircuitStore.ts";
import type { OptimizerRule } from "../../supabase/functions/_shared/optimizer/rules/optimizerRule.ts";
import { isolateRules } from "../../supabase/functions/_shared/optimizer/rules/isolateRules.ts";
import { postgresMetricsReader } from "../../supabase/functions/_shared/monitor/postgresMetricsReader.ts";
import { FakeClock } from "../harness/fakeClock.ts";
import { MemoryMetrics } from "../harness/memoryMetrics.ts";
import { RecordingObserver } from "../harness/recordingObserver.ts";
import { testDatabase } from "../harness/testDatabase.ts";

const lever: NumberKnob = {
  name: "test.lever",
  kind: "integer",
  summary: "A lever of the test",
  defaultValue: 10,
  lowest: 1,
  highest: 100,
  step: { factor: 2 },
};

/** Wants twice as much; what comes of it is as told. */
function ruleThatSees(effect: number): OptimizerRule {
  return {
    name: "test-rule",
    summary: "It wants twice as much",
    propose: ({ knobs }) => {
      const before = knobs.read(lever);
      if (before !== lever.defaultValue) return Promise.resolve([]);
      const expected = { before: 100, after: 80, lower: 70, upper: 90 };
      return Promise.resolve([{ knob: lever, after: before * 2, evidence: { before }, expected }]);
    },
    shadow: () => Promise.resolve({ isPromising: true, findings: { replayed: 7 } }),
    measureOf: (_knob, { database }) => ({
      name: "milliseconds",
      better: "lower",
      // All are alike until the change is in force; after it was kept all have it.
      sample: async ({ trial, fromMs, toMs }) => {
        const [row] = await database.sql<{ began: number | null }>`
          select extract(epoch from trial_began_at)::float8 * 1000 as began from resilience.optimization_log
          order by id desc limit 1`;
        const isInForce = trial === undefined ||
          (trial.isTreated && (fromMs + toMs) / 2 >= (row?.began ?? Infinity) - 1);
        return { mean: 100 + (isInForce ? effect : 0), variance: 25, observations: 400 };
      },
    }),
  };
}

async function openTest() {
  const closing = new AsyncDisposableStack();
  const database = closing.use(await testDatabase());
  const client = createSqlClient({ ...parseConnectionUrl(database.url), poolSize: 4, applicationName: "tuner" });
  closing.defer(() => client.close());
  const admin = adminDatabase(client);
  const { sql } = database;
  const store = postgresTuningStore(admin);
  const observer = new RecordingObserver();
  const optimizer = (rule: OptimizerRule, over: TuningStore = store) =>
    createSelfOptimizer({ store: over, rules: [rule], database: admin, metrics: new MemoryMetrics(), observer });
  return {
    ...{ admin, sql, store, observer, optimizer },
    /** What there is to be seen of the lever, and of what was done. */
    async standing() {
      const [knob] = await sql`select value, trial_value from resilience.tuning_parameters where name = ${lever.name}`;
      const log = await sql`select state, windows, measured is not null as "isMeasured" from resilience.optimization_log
        order by id`;
      return { value: knob?.value ?? null, trial: knob?.trial_value ?? null, log: log.map((row) => ({ ...row })) };
    },
    async passTime(ms: number) {
      const passed = `${ms} milliseconds`;
      await sql`update resilience.optimization_log set proposed_at = proposed_at - ${passed}::interval,
        lead_began_at = lead_began_at - ${passed}::interval, trial_began_at = trial_began_at - ${passed}::interval,
        window_ends_at = window_ends_at - ${passed}::interval, kept_at = kept_at - ${passed}::interval,
        guard_ends_at = guard_ends_at - ${passed}::interval, guarded_at = guarded_at - ${passed}::interval,
        ended_at = ended_at - ${passed}::interval`;
    },
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

/** A store that dies before, or right after, its nth step. */
function dyingStore(store: TuningStore, lives: number, when: "before" | "after"): TuningStore {
  let left = lives;
  return new Proxy(store, {
    get: (target, name) => async (...args: unknown[]) => {
      const isLast = left-- === 0;
      if (isLast && when === "before") throw new Error("killed");
      // deno-lint-ignore no-explicit-any -- any method, with any arguments.
      const answer = await (target as any)[name](...args);
      if (isLast) throw new Error("killed");
      return answer;
    },
  });
}

const hourMs = 3_600_000;

Deno.test("a change goes from an idea to its guard in four looks, and everything of it is written down", async () => {
  await using test = await openTest();
  const { run } = test.optimizer(ruleThatSees(-20));
  const [led] = (await run()).steps;
  assert.deepEqual([led?.became, led?.before, led?.after], ["leading_in", 10, 20]);
  assert.deepEqual(await test.standing(), {
    value: null,
    trial: 10,
    log: [{ state: "on_trial", windows: 0, isMeasured: false }],
  });
  for (const became of ["on_trial", "kept", "guarded"]) {
    assert.equal((await run({ isWatchOnly: true })).steps[0]?.became, "waiting");
    await test.passTime(hourMs + 1);
    assert.equal((await run({ isWatchOnly: true })).steps[0]?.became, became);
  }
  assert.deepEqual(await test.standing(), {
    value: 20,
    trial: null,
    log: [{ state: "kept", windows: 1, isMeasured: true }],
  });
  assert.deepEqual(test.observer.events.map(({ kind, detail }) => [kind, detail?.became]), [
    ["tune", "on_trial"],
    ["tune", "kept"],
  ]);
  const history = await test.sql`select changed_by, reason, after -> 'value' as value from resilience.tuning_changes
    where knob = ${lever.name} order by id desc limit 1`;
  assert.deepEqual([history[0]?.changed_by, history[0]?.value], ["optimizer", 20]);
  assert.match(history[0]?.reason, /^It is better: milliseconds 80 with it and 100 without it/);
});

Deno.test("a run that dies anywhere is taken up by the next one, and comes to the same", async () => {
  for (const [effect, value] of [[-20, 20], [20, null]] as const) {
    for (const when of ["before", "after"] as const) {
      await using test = await openTest();
      const rule = ruleThatSees(effect);
      let deaths = 0;
      // Each look is killed after ever more steps until it comes through.
      for (let look = 0; look < 4; look++) {
        for (let lives = 0;; lives++) {
          const dying = test.optimizer(rule, dyingStore(test.store, lives, when));
          const died = await dying.run({ isWatchOnly: look > 0 }).then(
            ({ failures }) => failures.length > 0,
            () => true,
          );
          if (!died) break;
          deaths++;
          const { value, trial } = await test.standing();
          assert.ok([null, 20].includes(value) && [null, 10, 20].includes(trial));
        }
        await test.passTime(hourMs + 1);
      }
      assert.ok(deaths >= 6, `${deaths} deaths`);
      const { value: held, trial, log } = await test.standing();
      assert.deepEqual([held, trial, log.length, log[0]?.state], [
        value,
        null,
        1,
        value === null ? "reverted" : "kept",
      ]);
    }
  }
});

Deno.test("a dry run says what would be done, and changes nothing", async () => {
  await using test = await openTest();
  const all = async () =>
    JSON.stringify(
      await test
        .sql`select (select jsonb_agg(to_jsonb(p) order by p.name) from resilience.tuning_parameters p) as knobs,
    (select count(*)::int from resilience.optimization_log) as log, (select count(*)::int from resilience.tuning_changes) as turns`,
    );
  const before = await all();
  const { isDryRun, steps } = await test.optimizer(ruleThatSees(-20)).run({ dryRun: true });
  assert.deepEqual([isDryRun, steps.map(({ became, after }) => [became, after])], [true, [["leading_in", 20]]]);
  assert.equal(await all(), before);
  const writing: OptimizerRule = {
    ...ruleThatSees(-20),
    propose: async ({ database }) => {
      await database.sql`delete from resilience.tuning_parameters`;
      return [];
    },
  };
  const { failures } = await test.optimizer(writing).run({ dryRun: true });
  assert.match(failures[0]?.error ?? "", /read-only transaction/);
  assert.equal(await all(), before);
});

Deno.test("runs side by side take each step once", async () => {
  await using test = await openTest();
  const rule = ruleThatSees(-20);
  for (let look = 0; look < 4; look++) {
    await Promise.all(Array.from({ length: 4 }, () => test.optimizer(rule).run({ isWatchOnly: look > 0 })));
    await test.passTime(hourMs + 1);
  }
  assert.deepEqual((await test.standing()).log, [{ state: "kept", windows: 1, isMeasured: true }]);
  const [turned] = await test.sql`select count(*)::int as n from resilience.tuning_changes
    where knob = ${lever.name} and after -> 'value' is distinct from before -> 'value'`;
  assert.equal(turned?.n, 1);
});

Deno.test("nobody can write a value, or a value on trial, outside the bounds", async () => {
  await using test = await openTest();
  await test.optimizer(ruleThatSees(-20)).run();
  const attempts = [
    `update resilience.tuning_parameters set value = '101' where name = 'test.lever'`,
    `update resilience.tuning_parameters set value = '10.5' where name = 'test.lever'`,
    `update resilience.tuning_parameters set value = '"20"' where name = 'test.lever'`,
    `update resilience.tuning_parameters set trial_value = '1e300' where name = 'test.lever'`,
    `update resilience.tuning_parameters set trial_share = 0.9 where name = 'test.lever'`,
    `update resilience.tuning_parameters set highest = 5 where name = 'test.lever'`,
    `update resilience.tuning_parameters set highest = 'NaN' where name = 'test.lever'`,
    `update resilience.tuning_parameters set value = '0' where name = 'optimizer.is_enabled'`,
    `update resilience.tuning_parameters set trial_until = trial_began_at + interval '1 year' where name = 'test.lever'`,
  ];
  for (const attempt of attempts) await assert.rejects(test.sql.unsafe(attempt), { code: "23514" }, attempt);
  assert.equal((await test.standing()).trial, 10);
  await test.sql`insert into resilience.tuning_parameters (name, value) values ('circuit.ai.timeout', '5000')`;
});

Deno.test("a value set by hand, a pin, an opt-out and the kill switch end what is on trial, whoever writes", async () => {
  const deeds = [
    `update resilience.tuning_parameters set value = '30' where name = 'test.lever'`,
    `update resilience.tuning_parameters set pinned_by = 'me', pin_reason = 'x', pinned_at = now() where name = 'test.lever'`,
    `update resilience.tuning_parameters set is_tunable = false where name = 'test.lever'`,
    `update resilience.tuning_parameters set value = 'false' where name = 'optimizer.is_enabled'`,
    `delete from resilience.tuning_parameters where name = 'test.lever'`,
  ];
  for (const deed of deeds) {
    await using test = await openTest();
    const { run } = test.optimizer(ruleThatSees(-20));
    await run();
    await test.sql.unsafe(deed);
    const { trial, log } = await test.standing();
    assert.deepEqual([trial, log[0]?.state], [null, "vetoed"], deed);
    await test.passTime(2 * hourMs);
    await run();
    const after = await test.standing();
    assert.deepEqual([after.trial, after.value], [null, deed.includes("'30'") ? 30 : null], deed);
  }
});

Deno.test("an isolate and its circuits see what is tried on it, and nothing of it once tuning is stopped", async () => {
  await using test = await openTest();
  const isolates = Array.from({ length: 40 }, (_, number) => `isolate ${number}`);
  await test.sql`insert into resilience.tuning_parameters (name, kind, default_value, lowest, highest, step, trial_id,
      trial_value, trial_share, trial_began_at, trial_until)
    values ('circuit.ai.timeout', 'integer', '10000', 100, 120000, '{"factor": 2}', 7, '20000', 0.25, now(),
      now() + interval '1 hour')`;
  const timeout: NumberKnob = { ...lever, name: "circuit.ai.timeout", defaultValue: 10_000, highest: 120_000 };
  const seen = async (isolate: string) => {
    const log = { warn: () => {}, info: () => {} };
    const source = () => () => readTuning(test.admin.sql);
    const view = new KnobView({ source, isolate: () => isolate, clock: new FakeClock(), log });
    await view.refresh();
    const { tuning } = await postgresCircuitStore(() => test.admin, () => isolate).read();
    return { value: view.read(timeout), trials: [...view.trials()], circuit: tuning.get("ai")?.timeout };
  };
  let treated = 0;
  for (const isolate of isolates) {
    const isIn = isTreated({ id: "7", share: 0.25 }, isolate);
    treated += isIn ? 1 : 0;
    assert.deepEqual(
      await seen(isolate),
      isIn ? { value: 20_000, trials: ["7"], circuit: 20_000 } : { value: 10_000, trials: [], circuit: undefined },
    );
  }
  assert.ok(treated > 3 && treated < 20, `${treated} of 40`);
  await test.sql`update resilience.tuning_parameters set value = 'false' where name = 'optimizer.is_enabled'`;
  for (const isolate of isolates) {
    assert.deepEqual(await seen(isolate), { value: 10_000, trials: [], circuit: undefined });
  }
});

Deno.test("the suite's own rules run on the measurements of a real database", async () => {
  await using test = await openTest();
  const metrics = postgresMetricsReader(test.admin.sql);
  const optimizer = createSelfOptimizer({ store: test.store, rules: isolateRules, database: test.admin, metrics });
  assert.deepEqual(await optimizer.run(), { isDryRun: false, isEnabled: true, steps: [], failures: [] });
});
