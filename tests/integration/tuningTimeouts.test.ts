import assert from "node:assert/strict";
import { CircuitRegistry } from "../../supabase/functions/_shared/breaker/circuitRegistry.ts";
import { postgresCircuitStore } from "../../supabase/functions/_shared/breaker/postgresCircuitStore.ts";
import { isTreated } from "../../supabase/functions/_shared/optimizer/knobs/trial.ts";
import type { TuningStep } from "../../supabase/functions/_shared/selfOptimizer.ts";
import { tripRate } from "../../supabase/functions/_shared/optimizer/rules/tripRate.ts";
import { seededRandom } from "../../supabase/functions/_shared/random/seededRandom.ts";
import { sleep } from "../../supabase/functions/_shared/time/sleep.ts";
import { FakeClock } from "../harness/fakeClock.ts";
import { tuningFleet } from "./tuningFleet.ts";

const minuteMs = 60_000;

Deno.test("a model that is slow and well trips its circuit, its limit is raised by trial, and the trips stop", async () => {
  await using fleet = await tuningFleet([tripRate], { size: 16 });
  const { admin, database, isolates, optimizer } = fleet;
  const clock = new FakeClock();
  const random = seededRandom(7);
  const circuits = isolates.map(({ id, monitor }) =>
    new CircuitRegistry({
      store: () => postgresCircuitStore(() => admin, () => id),
      isolate: () => id,
      clock,
      random,
      observer: monitor,
    }).getBreaker("model", { resetTimeout: 5_000, maxResetTimeout: 5_000, errorThresholdPercentage: 40 })
  );
  /** Answers come after 7 to 12 s, where the limit is 10 s at first; none of them is wrong. */
  const ask = (circuit: (typeof circuits)[number]) =>
    circuit.execute(({ signal }) => sleep(7_000 + random.next() * 5_000, { signal, clock })).catch(() => {});
  async function pass(ms: number) {
    await database.sql`update resilience.circuits set until_at = until_at - ${`${ms} milliseconds`}::interval`;
    await database
      .sql`update resilience.circuit_reports set reported_at = reported_at - ${`${ms} milliseconds`}::interval,
      until_at = until_at - ${`${ms} milliseconds`}::interval`;
    await clock.advance(ms);
  }
  /** Each of them asks six times at once, again and again. */
  async function traffic(rounds: number) {
    for (let round = 0; round < rounds; round++) {
      const asked = circuits.flatMap((circuit) => Array.from({ length: 6 }, () => ask(circuit)));
      for (let second = 0; second < 13; second++) {
        await pass(1_000);
        await database.sql`select 1`;
      }
      await Promise.all(asked);
      await pass(20_000);
    }
    await fleet.flush();
  }
  const trips = async () =>
    Number(
      (await database.sql`select count(*)::integer as n from resilience.circuit_changes where phase = 'open'`)[0]!.n,
    );

  await traffic(8);
  const before = await trips();
  assert.ok(before >= 1);
  await fleet.passTime(10 * minuteMs);
  const { steps: [step], failures } = await optimizer.run();
  assert.deepEqual([step?.knob, step?.became, step?.before, step?.after, failures], [
    "circuit.model.timeout",
    "leading_in",
    10_000,
    20_000,
    [],
  ]);
  const trial = { id: step!.id!, share: 0.25 };
  assert.ok(isolates.some(({ id }) => isTreated(trial, id)));
  for (const became of ["on_trial", "kept"]) {
    let steps: readonly TuningStep[];
    do {
      await fleet.passTime(30 * minuteMs);
      await fleet.refresh();
      await traffic(24);
      await fleet.passTime(31 * minuteMs);
      ({ steps } = await optimizer.run({ isWatchOnly: true }));
    } while (steps[0]?.became === "extended"); // The circuit was open too often: a second window tells, or none.
    assert.deepEqual(steps.map((each) => each.became), [became], JSON.stringify(steps));
  }
  await fleet.passTime(30 * minuteMs);
  await traffic(3); // Those that are open come back.
  const since = await trips();
  await traffic(8);
  assert.equal(await trips() - since, 0);
  await fleet.passTime(31 * minuteMs);
  const { steps } = await optimizer.run({ isWatchOnly: true });
  assert.equal(steps[0]?.became, "guarded", JSON.stringify(steps));
  const [change] = await database.sql`select expected, measured from resilience.optimization_log`;
  const { expected, measured } = change as { expected: Record<string, number>; measured: Record<string, number> };
  // deno-lint-ignore no-console -- the effect that was expected beside the one that came.
  console.log(
    `failures a call of the model: ${expected.before!.toFixed(3)} before; expected ${expected.after!.toFixed(3)} ` +
      `(${expected.lower!.toFixed(3)} to ${expected.upper!.toFixed(3)}), on trial ${measured.treated!.toFixed(3)} ` +
      `beside ${measured.rest!.toFixed(3)}; trips ${before} in 8 rounds, then none`,
  );
  assert.deepEqual(fleet.errors, []);
});
