import assert from "node:assert/strict";
import { seededRandom } from "../../_shared/random/seededRandom.ts";
import { blocksWithHalos } from "./blocksWithHalos.ts";
import { cosineNeighbours } from "./cosineNeighbours.ts";
import { packHistories, transposeMatrix } from "./interactionMatrix.ts";
import { joinAcross } from "./joinAcross.ts";
import { packBlocks } from "./packBlocks.ts";
import { scoreHistory } from "./scoreHistory.ts";
import { solveBlock } from "./solveBlock.ts";

/** Twenty items: 0 goes with 10, 1 with 11 and so on; one in four of what is wanted is anything. */
function pairs() {
  const { next } = seededRandom(5);
  const histories = Array.from({ length: 400 }, () => {
    const one = Math.floor(next() * 10);
    return { items: [...new Set([one, one + 10, Math.floor(next() * 20)])] };
  });
  const bySubject = packHistories(20, histories);
  return { bySubject, byItem: transposeMatrix(bySubject) };
}

Deno.test("what was planted to go together is the first neighbour, in closed form and by cosine", () => {
  const { bySubject, byItem } = pairs();
  const items = Array.from({ length: 20 }, (_, item) => item);
  const solved = solveBlock(bySubject, byItem, { core: items, halo: [] }, { lambda: 5 });
  const nearestTo = cosineNeighbours(bySubject, byItem);
  const cosines = items.map((item) => nearestTo(item, 50));
  for (const item of items) {
    assert.equal(solved.get(item)?.items[0], (item + 10) % 20);
    assert.equal(cosines[item]?.items[0], (item + 10) % 20);
    assert.ok(!solved.get(item)?.items.includes(item));
  }
  assert.equal(scoreHistory({ items: [3] }, (item) => solved.get(item), 1).items[0], 13);
});

Deno.test("only a core gets neighbours, and its halo is among them", () => {
  const { bySubject, byItem } = pairs();
  const solved = solveBlock(bySubject, byItem, { core: [0, 1], halo: [10, 11] }, { lambda: 5 });
  assert.deepEqual([...solved.keys()], [0, 1]);
  assert.equal(solved.get(1)?.items[0], 11);
});

Deno.test("beyond a block neighbours come by cosine, on the scale of the closed form", () => {
  const { bySubject, byItem } = pairs();
  const nearestTo = cosineNeighbours(bySubject, byItem);
  const nearest = Array.from({ length: 20 }, (_, item) => nearestTo(item, 50));
  const core = [0, 1, 10];
  const solved = solveBlock(bySubject, byItem, { core, halo: [] }, { lambda: 5 });
  const joined = joinAcross(solved, (item) => nearest[item], new Set(core));
  assert.equal(joined.get(1)?.items[0], 11);
  assert.equal(joined.get(0)?.items[0], 10);
  assert.ok(joined.get(1)!.weights[0]! < 1);
});

Deno.test("blocks hold every item once, none is too large, and strong ties lie within", () => {
  const items = Array.from({ length: 20 }, (_, item) => item);
  const ties = items.slice(0, 10).map((one) => ({ one, other: one + 10, weight: 1 }));
  const blocks = packBlocks(items, ties, 6);
  assert.deepEqual(blocks.flat().sort((a, b) => a - b), items);
  assert.ok(blocks.every(({ length }) => length <= 6));
  for (const { one, other } of ties) assert.ok(blocks.some((block) => block.includes(one) && block.includes(other)));
  assert.deepEqual(packBlocks(items, [...ties].reverse(), 6), blocks);
});

Deno.test("a halo is what the core is tied to most and is not in it", () => {
  const { bySubject, byItem } = pairs();
  const nearestTo = cosineNeighbours(bySubject, byItem);
  const nearest = Array.from({ length: 20 }, (_, item) => nearestTo(item, 50));
  const items = Array.from({ length: 20 }, (_, item) => item);
  for (const { core, halo } of blocksWithHalos(items, (item) => nearest[item], { coreSize: 4, haloSize: 3 })) {
    assert.equal(halo.length, 3);
    assert.ok(halo.every((item) => !core.includes(item)));
  }
});
