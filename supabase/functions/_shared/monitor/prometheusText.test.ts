import assert from "node:assert/strict";
import { binnedSeriesOf as seriesOf } from "../../../../tests/harness/binnedSeriesOf.ts";
import { prometheusText } from "./prometheusText.ts";

Deno.test("a scrape has each family once, with its type, its quantiles of late and its sums of the day", () => {
  const day = {
    series: [seriesOf("orders", "db.insert", [2_000, 2_000], 1), seriesOf("", 'a"\\\n', [1], 1)],
    counters: new Map([["cache.flags.hit", 3]]),
  };
  const recent = { series: [seriesOf("orders", "db.insert", [2_000])], counters: new Map<string, number>() };
  const text = prometheusText({ day, recent, facts: { circuitTrips: 2, schemaChanges: 0 } });
  assert.equal(
    text,
    `# HELP ballast_operation_duration_seconds How long operations took, by function.
# TYPE ballast_operation_duration_seconds summary
ballast_operation_duration_seconds{function="orders",operation="db.insert",quantile="0.5"} 2
ballast_operation_duration_seconds{function="orders",operation="db.insert",quantile="0.95"} 2
ballast_operation_duration_seconds{function="orders",operation="db.insert",quantile="0.99"} 2
ballast_operation_duration_seconds_sum{function="orders",operation="db.insert"} 4
ballast_operation_duration_seconds_count{function="orders",operation="db.insert"} 2
ballast_operation_duration_seconds{function="",operation="a\\"\\\\\\n",quantile="0.5"} NaN
ballast_operation_duration_seconds{function="",operation="a\\"\\\\\\n",quantile="0.95"} NaN
ballast_operation_duration_seconds{function="",operation="a\\"\\\\\\n",quantile="0.99"} NaN
ballast_operation_duration_seconds_sum{function="",operation="a\\"\\\\\\n"} 0.001
ballast_operation_duration_seconds_count{function="",operation="a\\"\\\\\\n"} 1
# HELP ballast_operation_failures_total Operations that failed, by function.
# TYPE ballast_operation_failures_total counter
ballast_operation_failures_total{function="orders",operation="db.insert"} 1
ballast_operation_failures_total{function="",operation="a\\"\\\\\\n"} 1
# HELP ballast_events_total What the kernel counted.
# TYPE ballast_events_total counter
ballast_events_total{counter="cache.flags.hit"} 3
# HELP ballast_circuit_trips_total Circuits that opened for the fleet.
# TYPE ballast_circuit_trips_total counter
ballast_circuit_trips_total 2
# HELP ballast_schema_changes_total Changes of the schema.
# TYPE ballast_schema_changes_total counter
ballast_schema_changes_total 0
`,
  );
});
