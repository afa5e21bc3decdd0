import assert from "node:assert/strict";
import { seededRandom } from "../../random/seededRandom.ts";
import { decorrelatedJitter } from "./decorrelatedJitter.ts";

const range = { baseMs: 10, capMs: 500 };

function waits(seed: number, count: number): number[] {
  const random = seededRandom(seed);
  const list: number[] = [];
  for (let n = 0; n < count; n++) list.push(decorrelatedJitter(list.at(-1) ?? 0, range, random));
  return list;
}

Deno.test("the first wait is the base, and each lies between the base and three times the one before, up to the cap", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const list = waits(seed, 12);
    assert.equal(list[0], 10);
    list.forEach((wait, at) => {
      assert.ok(wait >= 10 && wait <= Math.min(500, Math.max(10, (list[at - 1] ?? 0) * 3)), `seed ${seed}: ${list}`);
    });
  }
});

Deno.test("waits grow to the cap's reach, and clients that failed together part", () => {
  const last = Array.from({ length: 200 }, (_, seed) => waits(seed + 1, 12).at(-1)!);
  assert.ok(last.some((wait) => wait > 400));
  assert.ok(new Set(last.map(Math.round)).size > 60);
});

Deno.test("the same seed gives the same waits", () => {
  assert.deepEqual(waits(7, 12), waits(7, 12));
});
