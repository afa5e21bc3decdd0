import assert from "node:assert/strict";
import { binnedSeriesOf as series } from "../../../../tests/harness/binnedSeriesOf.ts";
import { metricsOf } from "./metricsOf.ts";

const window = { fromMs: 0, toMs: 60_000 };

Deno.test("where nothing was measured, averages and rates are null, not zero", () => {
  const metrics = metricsOf(window, { series: [], counters: new Map() }, { circuitTrips: 0, schemaChanges: 0 });
  const { from: _, to: _to, functions, operations, series, counters, ...named } = metrics;
  assert.deepEqual([functions, operations, series, counters], [[], [], [], {}]);
  assert.deepEqual(named, {
    avgInsertDuration: null,
    avgUpdateDuration: null,
    avgSelectDuration: null,
    healingSuccessRate: null,
    avgHealingDuration: null,
    deterministicFixRate: null,
    aiFixRate: null,
    circuitBreakerTrips: 0,
    fallbackUsageRate: null,
    schemaChangesDetected: 0,
    cacheInvalidations: 0,
  });
});

Deno.test("the named numbers come from the operations and counters that they are documented to come from", () => {
  const measured = {
    series: [
      series("a", "db.insert", [1, 3]),
      series("b", "db.insert", [8]),
      series("a", "db.update", [5]),
      series("a", "db.select", [7]),
      series("a", "heal", [10, 30, 20, 20], 1),
    ],
    counters: new Map([
      ["heal.deterministic", 3],
      ["heal.ai", 1],
      ["policy.calls", 20],
      ["fallback.used", 5],
      ["circuit.ai.calls", 1_000],
      ["cache.flags.invalidated", 2],
      ["cache.prompts.invalidated", 3],
      ["cache.prompts.hit", 100],
    ]),
  };
  const { from: _, to: _to, functions: _f, operations: _o, series: _s, counters: _c, ...named } = metricsOf(
    window,
    measured,
    { circuitTrips: 4, schemaChanges: 6 },
  );
  assert.deepEqual(named, {
    avgInsertDuration: 4,
    avgUpdateDuration: 5,
    avgSelectDuration: 7,
    healingSuccessRate: 0.75,
    avgHealingDuration: 20,
    deterministicFixRate: 0.75,
    aiFixRate: 0.25,
    circuitBreakerTrips: 4,
    fallbackUsageRate: 0.25,
    schemaChangesDetected: 6,
    cacheInvalidations: 5,
  });
  measured.counters.delete("policy.calls");
  const again = metricsOf(window, measured, { circuitTrips: 0, schemaChanges: 0 });
  assert.equal(again.fallbackUsageRate, 0.005);
});

Deno.test("functions have their requests of all methods, operations all functions, each with merged quantiles", () => {
  const durations = Array.from({ length: 100 }, (_, at) => at + 1);
  const measured = {
    series: [
      series("orders", "http.POST", durations),
      series("orders", "http.GET", durations.map((duration) => duration + 100), 2),
      series("orders", "db.insert", [1]),
      series("health", "http.GET", [500]),
    ],
    counters: new Map<string, number>(),
  };
  const { functions, operations, series: all } = metricsOf(window, measured, { circuitTrips: 0, schemaChanges: 0 });
  assert.deepEqual(functions.map(({ functionName, count }) => [functionName, count]), [["health", 1], ["orders", 200]]);
  const orders = functions[1]!;
  assert.deepEqual([orders.failures, orders.avgMs, orders.maxMs], [2, 100.5, 200]);
  for (const [value, exact] of [[orders.p50Ms, 100], [orders.p95Ms, 190], [orders.p99Ms, 198]] as const) {
    assert.ok(Math.abs(value / exact - 1) < 0.01, `${value} for ${exact}`);
  }
  assert.deepEqual(operations.map(({ operation, count }) => [operation, count]), [["db.insert", 1], ["http.GET", 101], [
    "http.POST",
    100,
  ]]);
  assert.equal(all.length, 4);
});
