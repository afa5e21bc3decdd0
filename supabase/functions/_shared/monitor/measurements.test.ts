import assert from "node:assert/strict";
import { Measurements } from "./measurements.ts";

Deno.test("five hundred series are kept apart, the rest goes to one that is named other, whoever makes up names", () => {
  const measurements = new Measurements();
  for (let name = 0; name < 20_000; name++) {
    measurements.seriesOf(`f${name % 3_000}`, `op${name}`).add(1, false);
    measurements.count(`c${name}`, 1);
  }
  const series = [...measurements.series()];
  assert.ok(series.length <= 501, `${series.length}`);
  assert.equal(series.reduce((sum, { count }) => sum + count, 0), 20_000);
  assert.ok(series.find(({ functionName, operation }) => functionName === "" && operation === "other")!.count > 19_000);
  assert.ok(measurements.counters.size <= 501);
  assert.equal([...measurements.counters.values()].reduce((one, other) => one + other), 20_000);
});

Deno.test("the same operation of two functions is two series", () => {
  const measurements = new Measurements();
  for (const name of ["a", "b", "a"]) measurements.seriesOf(name, "db.insert").add(1, false);
  assert.deepEqual([...measurements.series()].map(({ functionName, count }) => [functionName, count]), [["a", 2], [
    "b",
    1,
  ]]);
});
