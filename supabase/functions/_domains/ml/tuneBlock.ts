import { closedFormWeights } from "./closedFormWeights.ts";
import type { InteractionMatrix, SubjectHistory } from "./interactionMatrix.ts";
import { gramOf, type ItemBlock } from "./solveBlock.ts";

/** What somebody had, and what they wanted next. */
export interface HeldOutCase {
  readonly history: SubjectHistory;
  readonly wanted: number;
}

/**
 * How well each lambda ranks, within the core of one block, what was wanted next: the sum of discounted gains over the cases
 * that want something of the core. Whole models need not be trained to choose between them.
 */
export function tuneBlock(
  bySubject: InteractionMatrix,
  byItem: InteractionMatrix,
  { core, halo }: ItemBlock,
  cases: readonly HeldOutCase[],
  lambdas: readonly number[],
): number[] {
  const items = [...core, ...halo];
  const place = new Map(items.map((item, at) => [item, at]));
  const own = cases.filter(({ wanted }) => (place.get(wanted) ?? items.length) < core.length);
  if (own.length === 0) return lambdas.map(() => 0);
  const gram = gramOf(bySubject, byItem, items);
  return lambdas.map((lambda) => {
    const weights = closedFormWeights(gram, items.length, lambda);
    return own.reduce((sum, one) => sum + gainOf(one, place, weights, core.length, items.length), 0);
  });
}

function gainOf(
  { history, wanted }: HeldOutCase,
  place: ReadonlyMap<number, number>,
  weights: Float64Array,
  coreSize: number,
  size: number,
): number {
  const scores = new Float64Array(coreSize);
  const known = new Set<number>();
  for (let at = 0; at < history.items.length; at++) {
    const row = place.get(history.items[at]!);
    if (row === undefined) continue;
    known.add(row);
    const weight = history.weights?.[at] ?? 1;
    for (let other = 0; other < coreSize; other++) scores[other]! += weight * weights[row * size + other]!;
  }
  const target = place.get(wanted)!;
  let rank = 0;
  for (let other = 0; other < coreSize; other++) {
    if (other !== target && !known.has(other) && scores[other]! >= scores[target]!) rank += 1;
  }
  return 1 / Math.log2(rank + 2);
}
