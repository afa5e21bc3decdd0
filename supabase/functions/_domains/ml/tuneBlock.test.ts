import assert from "node:assert/strict";
import { seededRandom } from "../../_shared/random/seededRandom.ts";
import { packHistories, transposeMatrix } from "./interactionMatrix.ts";
import { tuneBlock } from "./tuneBlock.ts";

Deno.test("gains are those of the ranks within the core, by each lambda; cases of other blocks gain nothing", () => {
  const { next } = seededRandom(3);
  const histories = Array.from({ length: 300 }, () => {
    const one = Math.floor(next() * 6);
    return { items: next() < 0.7 ? [one, one + 6] : [Math.floor(next() * 12)] };
  });
  const bySubject = packHistories(12, histories);
  const byItem = transposeMatrix(bySubject);
  const core = Array.from({ length: 12 }, (_, item) => item);
  const planted = [0, 1, 2, 3, 4, 5].map((one) => ({ history: { items: [one] }, wanted: one + 6 }));
  assert.deepEqual(tuneBlock(bySubject, byItem, { core, halo: [] }, planted, [5, 60]), [6, 6]);
  // What goes with nothing one has stands behind what does, and among ties last.
  const other = [{ history: { items: [0] }, wanted: 1 }];
  const [gain] = tuneBlock(bySubject, byItem, { core, halo: [] }, other, [5]);
  assert.ok(gain! < 0.5, `${gain}`);
  assert.deepEqual(tuneBlock(bySubject, byItem, { core: [0, 1], halo: [6, 7] }, planted, [5, 60]), [0, 0]);
});
