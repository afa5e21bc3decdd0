import assert from "node:assert/strict";
import { MemoryMetrics } from "../../../../../tests/harness/memoryMetrics.ts";
import { FakeClock } from "../../../../../tests/harness/fakeClock.ts";
import { seededRandom } from "../../random/seededRandom.ts";
import type { Knob, NumberKnob } from "../knobs/knob.ts";
import { defaultKnobs, type KnobReader } from "../knobs/knobReader.ts";
import { batchSize } from "./batchSize.ts";
import { cacheTtl } from "./cacheTtl.ts";
import { nextDirection } from "./climb.ts";
import { conflictRate } from "./conflictRate.ts";
import type { OptimizerRule, PastChange, RuleContext } from "./optimizerRule.ts";
import { schemaPoll } from "./schemaPoll.ts";
import { tripRate } from "./tripRate.ts";

const hourMs = 3_600_000;

function context(
  calls: Record<string, number[]>,
  counters: Record<string, number>,
  more: { knobs?: KnobReader; past?: readonly PastChange[] } = {},
): RuleContext {
  const metrics = new MemoryMetrics();
  const told = { calls: new Map(Object.entries(calls)), counters: new Map(Object.entries(counters)) };
  metrics.add({ atMs: 1, isolate: "one", trials: new Set(), ...told });
  const never = () => assert.fail("no rule here asks the database");
  return {
    ...{
      metrics,
      knobs: defaultKnobs,
      window: { fromMs: 0, toMs: hourMs },
      clock: new FakeClock(),
      random: seededRandom(1),
    },
    database: { sql: never, call: never, transaction: never },
    ...more,
  };
}

const wanted = async (rule: OptimizerRule, ctx: RuleContext) =>
  (await rule.propose(ctx)).map(({ knob, after }) => [knob.name, after]);
const many = (count: number, value: number) => Array.from({ length: count }, () => value);

Deno.test("trip-rate: late calls of a dependency that answers close to the limit want a longer limit", async () => {
  const seen = { "circuit.ai": [...many(150, 7_000), ...many(50, -10_000)] };
  const counted = { "circuit.ai.calls": 200, "circuit.ai.failures": 50, "circuit.ai.timeouts": 50 };
  assert.deepEqual(await wanted(tripRate, context(seen, counted)), [["circuit.ai.timeout", 20_000]]);
  const [proposal] = await tripRate.propose(context(seen, counted));
  const { before, after, lower, upper } = proposal!.expected;
  assert.ok(before === 0.25 && lower <= after && after < upper && upper < before);
  assert.equal((await tripRate.shadow!(proposal!, context(seen, counted))).isPromising, true);
});

Deno.test("trip-rate: a model that is well answers healing too late, and is given more time", async () => {
  const seen = { "ai.advisor": [...many(150, 2_500), ...many(50, -3_000)] };
  const counted = { "ai.advisor.calls": 200, "ai.advisor.failures": 50, "ai.advisor.timeouts": 50 };
  assert.deepEqual(await wanted(tripRate, context(seen, counted)), [["ai.advisor.deadline_ms", 6_000]]);
  const measure = tripRate.measureOf("ai.advisor.deadline_ms", context(seen, counted));
  assert.equal((await measure.sample({ fromMs: 0, toMs: hourMs }))?.mean, 0.25);
  const most = {
    read: (knob: Knob) => knob.name === "ai.advisor.deadline_ms" ? 24_000 : knob.defaultValue,
  } as KnobReader;
  const late = { "ai.advisor": [...many(150, 20_000), ...many(50, -24_000)] };
  assert.deepEqual(await wanted(tripRate, context(late, counted, { knobs: most })), []);
});

Deno.test("trip-rate: quick answers, other failures, a dead dependency or a limit of the code's own want nothing", async () => {
  const quiet: [number[], Record<string, number>][] = [
    [[...many(150, 500), ...many(50, -10_000)], { calls: 200, failures: 50, timeouts: 50 }],
    [[...many(150, 7_000), ...many(50, -10_000)], { calls: 200, failures: 120, timeouts: 50 }],
    [[...many(50, 7_000), ...many(150, -10_000)], { calls: 200, failures: 150, timeouts: 150 }],
    [[...many(150, 40_000), ...many(50, -60_000)], { calls: 200, failures: 50, timeouts: 50 }],
    [[...many(60, 7_000), ...many(20, -10_000)], { calls: 80, failures: 20, timeouts: 20 }],
  ];
  for (const [calls, counts] of quiet) {
    const counters = Object.fromEntries(Object.entries(counts).map(([name, count]) => [`circuit.ai.${name}`, count]));
    assert.deepEqual(await wanted(tripRate, context({ "circuit.ai": calls }, counters)), [], JSON.stringify(counts));
  }
});

Deno.test("trip-rate: a circuit that opens after a handful of failures wants to judge later", async () => {
  const counters = { "circuit.ai.calls": 300, "circuit.ai.failures": 30, "circuit.ai.shed": 60, "circuit.ai.trips": 5 };
  assert.deepEqual(await wanted(tripRate, context({}, counters)), [["circuit.ai.failureThreshold", 10]]);
  assert.deepEqual(await wanted(tripRate, context({}, { ...counters, "circuit.ai.trips": 1 })), []);
});

Deno.test("conflict-rate: collisions want a longer wait, lost transactions another try, quiet a shorter wait", async () => {
  const calm = { "db.transaction": many(400, 20) };
  assert.deepEqual(await wanted(conflictRate, context(calm, { "db.retried": 100 })), [[
    "transaction.first_wait_ms",
    4,
  ]]);
  assert.deepEqual(await wanted(conflictRate, context(calm, { "db.retried": 10 })), []);
  const losing = { "db.transaction": [...many(380, 20), ...many(20, -90)] };
  assert.deepEqual(await wanted(conflictRate, context(losing, { "db.retried": 100 })), [
    ["transaction.first_wait_ms", 4],
    ["transaction.max_tries", 6],
  ]);
  assert.deepEqual(await wanted(conflictRate, context(calm, { "db.retried": 160 })), [
    ["transaction.first_wait_ms", 4],
    ["transaction.after_deadlock", "queue"],
  ]);
  const turned = {
    read: (knob: Knob) => knob.name === "transaction.first_wait_ms" ? 16 : knob.defaultValue,
  } as KnobReader;
  assert.deepEqual(await wanted(conflictRate, context(calm, {}, { knobs: turned })), [[
    "transaction.first_wait_ms",
    8,
  ]]);
});

Deno.test("schema-poll: surprised writes want it shorter, drops that no write meets longer, quiet nothing", async () => {
  const writes = { "db.insert": many(1_000, 5) };
  const poll = (counters: Record<string, number>) => wanted(schemaPoll, context(writes, counters));
  assert.deepEqual(await poll({ "cache.schema.invalidated": 40, "heal.deterministic": 90 }), [[
    "schema.poll_ms",
    15_000,
  ]]);
  assert.deepEqual(await poll({ "cache.schema.invalidated": 40, "heal.deterministic": 3 }), [[
    "schema.poll_ms",
    60_000,
  ]]);
  assert.deepEqual(await poll({ "cache.schema.invalidated": 9, "heal.deterministic": 90 }), []);
});

Deno.test("cache-ttl: misses that run out want longer, stale answers shorter, invalidated ones nothing", async () => {
  const ttl: NumberKnob = {
    ...{ name: "cache.flags.ttl_ms", summary: "s", kind: "integer", defaultValue: 1_000, lowest: 500, highest: 9_000 },
    step: { factor: 2 },
  };
  const cache = (counts: Record<string, number>) =>
    wanted(
      cacheTtl([ttl]),
      context({}, Object.fromEntries(Object.entries(counts).map(([name, n]) => [`cache.flags.${name}`, n]))),
    );
  assert.deepEqual(await cache({ hit: 700, miss: 400 }), [[ttl.name, 2_000]]);
  assert.deepEqual(await cache({ hit: 700, miss: 400, invalidated: 300 }), []);
  assert.deepEqual(await cache({ hit: 950, miss: 10, stale: 100 }), [[ttl.name, 500]]);
  assert.deepEqual(await cache({ hit: 950, miss: 100 }), []);
});

Deno.test("batch-size: tries the way that proved itself, the other one when it no longer does, and then rests", async () => {
  const chunks = { "db.batch.chunk": many(300, 100) };
  const counters = { "db.batch.chunk.rows": 150_000 };
  const past = (...told: [string, string][]) =>
    told.map(([direction, state]) => ({ knob: "batch.chunk_size", direction, state, relativeDifference: -0.3 }));
  const size = (...told: [string, string][]) => wanted(batchSize, context(chunks, counters, { past: past(...told) }));
  assert.deepEqual(await size(), [["batch.chunk_size", 1_000]]);
  assert.deepEqual(await size(["up", "kept"]), [["batch.chunk_size", 1_000]]);
  assert.deepEqual(await size(["up", "reverted"]), [["batch.chunk_size", 250]]);
  assert.deepEqual(await size(["up", "reverted"], ["up", "kept"]), []);
  assert.deepEqual(await size(["down", "abandoned"], ["up", "reverted"]), []);
  assert.equal(nextDirection("other", past(["up", "kept"]), "down"), "down");
  const failing = { "db.batch.chunk": [...many(250, 100), ...many(50, -100)] };
  assert.deepEqual(await wanted(batchSize, context(failing, counters)), [["batch.chunk_size", 250]]);
});
