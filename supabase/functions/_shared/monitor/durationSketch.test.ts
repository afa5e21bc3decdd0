import assert from "node:assert/strict";
import { seededRandom } from "../random/seededRandom.ts";
import { addDuration, binsOf, createSketch, sketchOf } from "./durationSketch.ts";

Deno.test("quantiles of what many sketches hold together are within 1 % of the exact ones", () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const random = seededRandom(seed);
  const all: number[] = [];
  const bins = Array.from({ length: 20 }, () => {
    const sketch = createSketch();
    for (let call = 0; call < 2_000; call++) {
      const duration = Math.exp(random.next() * 18 - 6);
      all.push(duration);
      addDuration(sketch, duration);
    }
    return binsOf(sketch);
  });
  const merged = sketchOf({ keys: bins.flatMap(({ keys }) => keys), counts: bins.flatMap(({ counts }) => counts) });
  all.sort((one, other) => one - other);
  for (const share of [0, 0.01, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999, 1]) {
    const exact = all[Math.floor(share * (all.length - 1))]!;
    const error = Math.abs(merged.getValueAtQuantile(share) / exact - 1);
    assert.ok(error <= 0.01, `seed ${seed}: ${error} at ${share}`);
  }
});

Deno.test("bins are few whatever the durations are, and their counts are those of the calls", () => {
  const sketch = createSketch();
  for (const duration of [0, 1e-300, 1e-9, 0.001, 1, 1e9]) addDuration(sketch, duration);
  const { keys, counts } = binsOf(sketch);
  assert.deepEqual(counts, [4, 1, 1]);
  assert.ok(keys.at(-1)! - keys[0]! < 2_048 && sketch.store.bins.length < 2_048);
});
