import assert from "node:assert/strict";
import { seededRandom } from "../../_shared/random/seededRandom.ts";
import { clusterTastes, nearestCluster } from "./clusterTastes.ts";

/** Points about the axes, each with a length of its own. */
function plant(seed: number): { point: number[]; axis: number }[] {
  const { next } = seededRandom(seed);
  return Array.from({ length: 300 }, (_, at) => {
    const axis = at % 3;
    const length = 0.1 + next();
    return { axis, point: [0, 1, 2].map((place) => length * ((place === axis ? 1 : 0) + 0.3 * (next() - 0.5))) };
  });
}

Deno.test("planted tastes are told apart, whatever their strength", () => {
  const planted = plant(3);
  const centres = clusterTastes(planted.map(({ point }) => point), { count: 3, random: seededRandom(1) });
  const clusterOf = new Map<number, Set<number | undefined>>();
  for (const { point, axis } of planted) {
    clusterOf.set(axis, (clusterOf.get(axis) ?? new Set()).add(nearestCluster(point, centres)));
  }
  assert.deepEqual([...clusterOf.values()].map(({ size }) => size), [1, 1, 1]);
  assert.equal(new Set([...clusterOf.values()].flatMap((found) => [...found])).size, 3);
});

Deno.test("the same seed gives the same clusters; a start keeps their numbers", () => {
  const points = plant(3).map(({ point }) => point);
  const first = clusterTastes(points, { count: 3, random: seededRandom(1) });
  assert.deepEqual(clusterTastes(points, { count: 3, random: seededRandom(1) }), first);
  const later = clusterTastes(plant(4).map(({ point }) => point), { count: 3, random: seededRandom(9), start: first });
  first.forEach((centre, at) => assert.equal(nearestCluster(centre, later), at));
});

Deno.test("points that say nothing belong nowhere, and fewer points than clusters give fewer", () => {
  assert.equal(nearestCluster([0, 0], [[1, 0]]), undefined);
  assert.deepEqual(clusterTastes([[0, 0]], { count: 2, random: seededRandom(1) }), []);
  assert.equal(clusterTastes([[2, 0], [1, 0]], { count: 4, random: seededRandom(1) }).length, 1);
});
