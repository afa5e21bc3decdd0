// deno-lint-ignore-file no-console -- the seed that replays the runs, and the table of effects
import assert from "node:assert/strict";
import fc from "fast-check";
import { chunkSizeKnob } from "../../supabase/functions/_shared/healing/batch/batchKnobs.ts";
import { collisionWaitKnob } from "../../supabase/functions/_shared/healing/retry/retryKnobs.ts";
import { isWithinBounds, type NumberKnob } from "../../supabase/functions/_shared/optimizer/knobs/knob.ts";
import { effectTable, SimulatedFleet } from "../harness/simulatedFleet.ts";
import { adversary, lever, type Trace } from "./optimizer/adversary.ts";
import { aiTimeout, busyDatabase, chunkMs, slowModel } from "./optimizer/worlds.ts";

const seed = Number(Deno.env.get("BALLAST_CHAOS_SEED") ?? Math.floor(Math.random() * 1e9));
const isFull = Deno.env.get("BALLAST_CHAOS") === "full";
const numRuns = isFull ? 400 : 12;
const windowMs = 3_600_000;
const tickMs = 600_000;

const calm: Trace = {
  harm: 0.3,
  spread: 0.3,
  wanted: [100],
  shiftAtHour: Infinity,
  shiftTimes: 1,
  swingHours: 24,
  poison: undefined,
  isArmSilent: false,
  isLying: false,
};

/** What holds whatever happens: bounds, steps, windows, and the knob as it was wherever a change came to nothing. */
function assertGuarded(fleet: SimulatedFleet, knob: NumberKnob): void {
  for (const value of fleet.seen.get(knob.name) ?? []) assert.ok(isWithinBounds(knob, value), `${knob.name}: ${value}`);
  let held = knob.defaultValue;
  for (const change of fleet.tried.filter((one) => one.knob === knob.name)) {
    assert.equal(change.before, held, "a change begins where the last one has left the knob");
    const [before, after] = [change.before as number, change.after as number];
    const factor = "factor" in knob.step ? knob.step.factor : Infinity;
    assert.ok(after <= before * factor * 1.0001 && after >= before / factor * 0.9999, `${before} -> ${after}`);
    const endMs = change.keptAtMs ?? change.endedAtMs ?? fleet.nowMs;
    assert.ok(endMs - change.trialBeganAtMs! <= 2 * windowMs + 2 * tickMs, "a trial lasts two windows at most");
    if (change.state === "kept") held = after;
  }
  assert.equal(fleet.value(knob), fleet.tried.at(-1)?.endedAtMs === undefined ? fleet.value(knob) : held);
}

/** For how long changes were in force anywhere that did harm. */
function harmfulMs(fleet: SimulatedFleet): number[] {
  return fleet.tried.filter(({ before, after }) => after > before)
    .map(({ trialBeganAtMs, endedAtMs, state }) =>
      (state === "kept" ? Infinity : endedAtMs ?? fleet.nowMs) - trialBeganAtMs!
    );
}

Deno.test("a limit that is too tight for a slow model is raised until calls come through, and no further", async () => {
  console.log(`seed ${seed}`);
  const fleet = new SimulatedFleet(slowModel(9_000), { seed });
  await fleet.pass(24 * 14);
  console.log(effectTable(fleet.tried));
  assert.equal(fleet.value(aiTimeout), 20_000);
  assertGuarded(fleet, aiTimeout as NumberKnob);
  assert.ok(fleet.observer.events.some(({ kind, ref }) => kind === "tune" && ref === "trial:1"));
});

Deno.test("a model that is down is not given more time, nor is one that answers well within its limit", async () => {
  for (const world of [slowModel(9_000, { isDown: true }), slowModel(1_000)]) {
    const fleet = new SimulatedFleet(world, { seed });
    await fleet.pass(24 * 4);
    assert.deepEqual([fleet.tried, fleet.value(aiTimeout)], [[], 10_000]);
  }
});

Deno.test("two knobs that bear on each other both come near their best, and stay there", async () => {
  console.log(`seed ${seed}`);
  const fleet = new SimulatedFleet(busyDatabase(), { seed, isolates: 24, proposeEveryMs: 43_200_000 });
  await fleet.pass(24 * 18);
  console.log(effectTable(fleet.tried));
  const rows = fleet.value(chunkSizeKnob) as number;
  const perRow = (size: number) => chunkMs(size) / size;
  assert.ok(perRow(rows) <= 1.2 * perRow(2_000), `${rows} rows a chunk`);
  const waitMs = fleet.value(collisionWaitKnob) as number;
  assert.ok(waitMs >= 8 && waitMs <= 32, `${waitMs} ms`);
  for (const knob of [chunkSizeKnob, collisionWaitKnob]) assertGuarded(fleet, knob);
});

const hostile: Readonly<Record<string, Partial<Trace>>> = {
  "in quiet times": {},
  "while everything gets three times as slow during a trial": { shiftAtHour: 1, shiftTimes: 3 },
  "while everything gets three times as fast during a trial": { shiftAtHour: 1, shiftTimes: 1 / 3 },
  "under a load that swings within an hour": { swingHours: 1 },
  "with an isolate that measures nothing but zeros": { poison: 0 },
  "with an isolate that measures absurd numbers": { poison: 1e15 },
  "with an isolate that begins to measure absurd numbers once it is tried": { poison: 1e9, poisonedAtHour: 1.2 },
  "with an isolate that measures infinity": { poison: Infinity },
  "with an isolate that measures no numbers": { poison: NaN },
  "when those who have it say nothing": { isArmSilent: true },
};

for (const [when, trace] of Object.entries(hostile)) {
  Deno.test(`a harmful change is gone within two windows ${when}`, async () => {
    console.log(`seed ${seed}`);
    const fleet = new SimulatedFleet(adversary({ ...calm, ...trace }), { seed });
    await fleet.pass(24 * 6);
    assert.ok(fleet.tried.length > 0);
    for (const ms of harmfulMs(fleet)) assert.ok(ms <= 2 * windowMs + 2 * tickMs, `${ms / windowMs} windows`);
    assert.equal(fleet.value(lever), lever.defaultValue);
    assertGuarded(fleet, lever);
  });
}

Deno.test("a measure that always says better leads to a bound, and never past it", async () => {
  const fleet = new SimulatedFleet(adversary({ ...calm, wanted: [1e9], isLying: true }), { seed, cooldownMs: 1 });
  await fleet.pass(24 * 8);
  assert.ok((fleet.value(lever) as number) <= lever.highest);
  assertGuarded(fleet, lever);
});

Deno.test("what came to nothing is not tried again before its cooldown, twice as long each time", async () => {
  const fleet = new SimulatedFleet(adversary(calm), { seed, cooldownMs: 86_400_000 });
  await fleet.pass(24 * 16);
  const days = fleet.tried.map(({ trialBeganAtMs }) =>
    (trialBeganAtMs! - fleet.tried[0]!.trialBeganAtMs!) / 86_400_000
  );
  assert.deepEqual(days.map(Math.round), [0, 2, 5, 10], "1, 2, 4 days, each asked at the next day's run");
});

Deno.test("whatever a fleet goes through and whatever is wanted: in bounds, step by step, two windows at most", async () => {
  console.log(`seed ${seed}, ${numRuns} runs`);
  const number = fc.oneof(fc.double(), fc.constantFrom(NaN, Infinity, -Infinity, -1, 0, 1e308, 10, 100));
  const trace = fc.record({
    harm: fc.double({ min: -0.5, max: 1, noNaN: true }),
    spread: fc.double({ min: 0, max: 2, noNaN: true }),
    wanted: fc.array(number, { minLength: 1, maxLength: 6 }),
    shiftAtHour: fc.double({ min: 0, max: 100, noNaN: true }),
    shiftTimes: fc.double({ min: 0.01, max: 100, noNaN: true }),
    swingHours: fc.double({ min: 0.3, max: 48, noNaN: true }),
    poison: fc.option(number, { nil: undefined }),
    isArmSilent: fc.boolean(),
    isLying: fc.boolean(),
  });
  const property = fc.asyncProperty(trace, fc.nat(1e6), async (story, fleetSeed) => {
    const options = { seed: fleetSeed, isolates: 8, proposeEveryMs: 6 * windowMs, cooldownMs: windowMs };
    const fleet = new SimulatedFleet(adversary(story), options);
    await fleet.pass(24 * 4);
    assertGuarded(fleet, lever);
    for (const { failures } of fleet.reports) assert.deepEqual(failures, []);
  });
  await fc.assert(property, { seed, numRuns, endOnFailure: true });
});
