import assert from "node:assert/strict";
import { type LoadSubject, measureLoads } from "./measureLoads.ts";

/** A subject that takes these times, one a load, and notes each load. */
function subject(name: string, times: readonly number[], loaded: string[] = []): LoadSubject {
  let next = 0;
  return {
    name,
    load() {
      loaded.push(name);
      return Promise.resolve(times[next++] ?? times.at(-1)!);
    },
  };
}

Deno.test("each round loads everything once, and the quickest load counts", async () => {
  const loaded: string[] = [];
  const quickest = await measureLoads([subject("a", [30, 10, 20], loaded), subject("b", [5, 7, 6], loaded)]);
  assert.deepEqual([...quickest], [["a", 10], ["b", 5]]);
  assert.equal(loaded.join(""), "ababab");
});

Deno.test("rounds are added while the figures are not enough, and no more than the most", async () => {
  const loaded: string[] = [];
  const options = { leastRounds: 2, mostRounds: 5 };
  const isEnough = (quickest: ReadonlyMap<string, number>) => quickest.get("a")! <= 10;
  assert.equal((await measureLoads([subject("a", [9], loaded)], { ...options, isEnough })).get("a"), 9);
  assert.equal(loaded.length, 2);
  await measureLoads([subject("a", [40, 30, 20, 10, 5], loaded)], { ...options, isEnough });
  assert.equal(loaded.length, 2 + 4);
  assert.equal((await measureLoads([subject("a", [40, 11], loaded)], { ...options, isEnough })).get("a"), 11);
  assert.equal(loaded.length, 2 + 4 + 5);
});
