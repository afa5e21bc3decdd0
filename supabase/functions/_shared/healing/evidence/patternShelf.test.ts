import assert from "node:assert/strict";
import type { HealingPattern } from "../patterns/healingPattern.ts";
import { pattern } from "../patterns/testing/patternFixture.ts";
import { createPatternShelf } from "./patternShelf.ts";

function countingStore(list: () => Promise<HealingPattern[]> = () => Promise.resolve([pattern()])) {
  const asked: unknown[] = [];
  return { asked, list: (filter?: unknown) => (asked.push(filter), list()) };
}

Deno.test("many callers share one read of a table's patterns", async () => {
  const store = countingStore();
  const shelf = createPatternShelf(store);
  const all = await Promise.all([shelf.patternsOf(7), shelf.patternsOf(7), shelf.patternsOf(8)]);
  await shelf.patternsOf(7);
  assert.deepEqual(all.map((patterns) => patterns.length), [1, 1, 1]);
  assert.deepEqual(store.asked, [{ tableOids: [7] }, { tableOids: [8] }]);
});

Deno.test("they are read anew when forgotten and when they are old", async () => {
  const store = countingStore();
  let now = 0;
  const clock = { now: () => 0, monotonic: () => now, setTimer: () => () => {} };
  const shelf = createPatternShelf(store, { maxAgeMs: 1_000, clock });
  const readAgain = async () => {
    const before = store.asked.length;
    await shelf.patternsOf(7);
    return store.asked.length > before;
  };
  assert.deepEqual([await readAgain(), await readAgain()], [true, false]);
  shelf.forget(8);
  assert.equal(await readAgain(), false);
  shelf.forget(7);
  assert.equal(await readAgain(), true);
  shelf.forget();
  assert.equal(await readAgain(), true);
  now = 999;
  assert.equal(await readAgain(), false);
  now = 1_000;
  assert.equal(await readAgain(), true);
});

Deno.test("a read that fails is not kept", async () => {
  let isDown = true;
  const shelf = createPatternShelf(
    countingStore(() => isDown ? Promise.reject(new Error("down")) : Promise.resolve([pattern()])),
  );
  await assert.rejects(shelf.patternsOf(7), /down/);
  isDown = false;
  assert.equal((await shelf.patternsOf(7)).length, 1);
});
