import assert from "node:assert/strict";
import { DDSketch } from "@datadog/sketches-js";
import { seededRandom } from "../random/seededRandom.ts";
import { DurationSketch, sketchOf } from "./durationSketch.ts";

Deno.test("quantiles of what many sketches hold together are within 1 % of the exact ones", () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const random = seededRandom(seed);
  const all: number[] = [];
  const bins = Array.from({ length: 20 }, () => {
    const sketch = new DurationSketch();
    for (let call = 0; call < 2_000; call++) {
      const duration = Math.exp(random.next() * 18 - 6);
      all.push(duration);
      sketch.add(duration);
    }
    return sketch.bins();
  });
  const merged = sketchOf({ keys: bins.flatMap(({ keys }) => keys), counts: bins.flatMap(({ counts }) => counts) });
  all.sort((one, other) => one - other);
  for (const share of [0, 0.01, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999, 1]) {
    const exact = all[Math.floor(share * (all.length - 1))]!;
    const error = Math.abs(merged.quantileMs(share) / exact - 1);
    assert.ok(error <= 0.01, `seed ${seed}: ${error} at ${share}`);
  }
});

Deno.test("bins are few whatever the durations are, and their counts are those of the calls", () => {
  const sketch = new DurationSketch();
  for (const duration of [0, 1e-300, 1e-9, 0.001, 1, 1e9]) sketch.add(duration);
  const { keys, counts } = sketch.bins();
  assert.deepEqual(counts, [4, 1, 1]);
  assert.ok(keys.at(-1)! - keys[0]! < 2_048);
});

Deno.test("a sketch has the bins and the quantiles of the package's own", () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const random = seededRandom(seed);
  const [ours, theirs] = [new DurationSketch(), new DDSketch({ relativeAccuracy: 0.008 })];
  for (let call = 0; call < 5_000; call++) {
    const duration = Math.exp(random.next() * 26 - 6);
    ours.add(duration);
    theirs.accept(duration);
  }
  const { store } = theirs;
  const { keys, counts } = ours.bins();
  assert.deepEqual(counts, keys.map((key) => store.bins[key - store.offset]), `seed ${seed}`);
  for (const share of [0, 0.3, 0.5, 0.95, 0.99, 1]) {
    assert.ok(Math.abs(ours.quantileMs(share) / theirs.getValueAtQuantile(share) - 1) < 1e-12, `seed ${seed}`);
  }
  assert.ok(Number.isNaN(new DurationSketch().quantileMs(0.5)));
});
