import type { Random } from "../../_shared/random/random.ts";

/** A point in the space of tastes. */
export type TasteVector = ArrayLike<number>;

/** Options of {@link clusterTastes}. */
export interface ClusterOptions {
  readonly count: number;
  readonly random: Random;
  /** Where to start from: clusters keep their numbers from training to training. @default drawn from the points, far apart */
  readonly start?: readonly TasteVector[];
  /** @default 25 */
  readonly rounds?: number;
}

/**
 * Centres of `count` clusters by direction (k-means of unit vectors): somebody who wants much and somebody who wants little of
 * the same are alike. Points at the origin say nothing and are left out. Fewer distinct points give fewer centres.
 */
export function clusterTastes(points: readonly TasteVector[], options: ClusterOptions): number[][] {
  const { count, random, start, rounds = 25 } = options;
  const units = points.map(toUnit).filter((unit) => unit !== undefined);
  if (units.length === 0) return start?.map((centre) => Array.from(centre)) ?? [];
  let centres = start?.map((centre) => Array.from(centre)) ?? drawApart(units, count, random);
  for (let round = 0; round < rounds; round++) {
    const sums = centres.map((centre) => new Float64Array(centre.length));
    for (const unit of units) {
      const sum = sums[nearestOf(unit, centres)]!;
      unit.forEach((value, at) => sum[at]! += value);
    }
    // A cluster that nobody is in any more stays where it was.
    const moved = sums.map((sum, at) => toUnit(sum) ?? centres[at]!);
    const isSettled = moved.every((centre, at) => dot(centre, centres[at]!) > 1 - 1e-9);
    centres = moved;
    if (isSettled) break;
  }
  return centres;
}

/** The number of the cluster a point belongs to; undefined where it says nothing. */
export function nearestCluster(point: TasteVector, centres: readonly TasteVector[]): number | undefined {
  const unit = toUnit(point);
  return unit === undefined || centres.length === 0 ? undefined : nearestOf(unit, centres);
}

/** Starts of k-means++: each next one in proportion to its distance from those there are. */
function drawApart(units: readonly number[][], count: number, random: Random): number[][] {
  const centres = [units[Math.floor(random.next() * units.length)]!];
  const distances = units.map((unit) => Math.max(0, 1 - dot(unit, centres[0]!)));
  while (centres.length < count) {
    const total = distances.reduce((sum, distance) => sum + distance, 0);
    if (total < 1e-9) break;
    let left = random.next() * total;
    const chosen = units[distances.findIndex((distance) => (left -= distance) < 0)] ?? units.at(-1)!;
    centres.push(chosen);
    units.forEach((unit, at) => distances[at] = Math.min(distances[at]!, Math.max(0, 1 - dot(unit, chosen))));
  }
  return centres;
}

function nearestOf(unit: TasteVector, centres: readonly TasteVector[]): number {
  let best = 0;
  let closest = -Infinity;
  centres.forEach((centre, at) => {
    const closeness = dot(unit, centre);
    if (closeness > closest) [best, closest] = [at, closeness];
  });
  return best;
}

function toUnit(point: TasteVector): number[] | undefined {
  const norm = Math.sqrt(dot(point, point));
  return norm < 1e-9 ? undefined : Array.from(point, (value) => value / norm);
}

function dot(one: TasteVector, other: TasteVector): number {
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += one[at]! * (other[at] ?? 0);
  return sum;
}
