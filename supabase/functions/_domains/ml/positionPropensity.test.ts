import assert from "node:assert/strict";
import { seededRandom } from "../../_shared/random/seededRandom.ts";
import { estimatePropensities, type PositionCount } from "./positionPropensity.ts";

/** Lists in which better items stand higher, as rankers have it, with some shuffling. */
function plant(truth: readonly number[], lists: number, seed: number): PositionCount[] {
  const { next } = seededRandom(seed);
  const appeals = Array.from({ length: 60 }, (_, item) => 0.5 / (1 + item / 8));
  const counts = new Map<string, { item: number; position: number; views: number; clicks: number }>();
  for (let list = 0; list < lists; list++) {
    const order = appeals.map((appeal, item) => ({ item, rank: appeal * (0.3 + next()) }))
      .sort((a, b) => b.rank - a.rank).slice(0, truth.length);
    order.forEach(({ item }, place) => {
      const key = `${item} ${place}`;
      const count = counts.get(key) ?? { item, position: place + 1, views: 0, clicks: 0 };
      count.views += 1;
      if (next() < truth[place]! * appeals[item]!) count.clicks += 1;
      counts.set(key, count);
    });
  }
  return [...counts.values()];
}

Deno.test("a planted bias of places is found, though better items stand higher", () => {
  const truth = [1, 0.7, 0.5, 0.35, 0.25, 0.2, 0.15, 0.1];
  const counts = plant(truth, 20_000, 7);
  const found = estimatePropensities(counts).map(({ propensity }) => propensity);
  truth.forEach((propensity, place) =>
    assert.ok(Math.abs(found[place]! - propensity) < 0.04, `${place}: ${found[place]}`)
  );
  const naive = (place: number) => {
    const at = counts.filter(({ position }) => position === place + 1);
    return at.reduce((sum, { clicks }) => sum + clicks, 0) / at.reduce((sum, { views }) => sum + views, 0);
  };
  // What a bare click rate says of the last place is wrong by far more.
  assert.ok(naive(7) / naive(0) < 0.08, String(naive(7) / naive(0)));
});

Deno.test("without clicks, and without lists, nothing is corrected", () => {
  assert.deepEqual(estimatePropensities([]), []);
  const [first, second] = estimatePropensities([
    { item: 0, position: 1, views: 50, clicks: 0 },
    { item: 0, position: 2, views: 50, clicks: 0 },
  ]);
  assert.deepEqual([first?.propensity, second?.propensity], [1, 1]);
});

Deno.test("a place with few clicks counts like the one before it", () => {
  const counts = [
    { item: 0, position: 1, views: 1_000, clicks: 200 },
    { item: 0, position: 2, views: 1_000, clicks: 100 },
    { item: 0, position: 3, views: 10, clicks: 1 },
  ];
  const [, second, third] = estimatePropensities(counts);
  assert.ok(Math.abs(second!.propensity - 0.5) < 0.01);
  assert.equal(third?.propensity, second?.propensity);
});
