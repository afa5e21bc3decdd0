import { closedFormWeights } from "./closedFormWeights.ts";
import type { InteractionMatrix } from "./interactionMatrix.ts";
import { type NeighbourList, strongest } from "./neighbourLists.ts";

/** Items solved together: the `core`, whose weights are wanted, and a `halo` of their nearest ones outside it. */
export interface ItemBlock {
  readonly core: readonly number[];
  readonly halo: readonly number[];
}

/** The Gram matrix (X'X) of the columns `items`. */
export function gramOf(
  bySubject: InteractionMatrix,
  byItem: InteractionMatrix,
  items: readonly number[],
): Float64Array {
  const size = items.length;
  const place = new Int32Array(bySubject.itemCount).fill(-1);
  items.forEach((item, at) => place[item] = at);
  const gram = new Float64Array(size * size);
  items.forEach((item, row) => {
    for (let at = byItem.starts[item]!; at < byItem.starts[item + 1]!; at++) {
      const subject = byItem.items[at]!;
      const weight = byItem.weights[at]!;
      for (let other = bySubject.starts[subject]!; other < bySubject.starts[subject + 1]!; other++) {
        const column = place[bySubject.items[other]!]!;
        if (column >= 0) gram[row * size + column]! += weight * bySubject.weights[other]!;
      }
    }
  });
  return gram;
}

/**
 * Solves one block in closed form and gives the neighbours of its core, each list as long as `limit`. The halo keeps what an
 * item has across the border from being credited to those within it.
 */
export function solveBlock(
  bySubject: InteractionMatrix,
  byItem: InteractionMatrix,
  { core, halo }: ItemBlock,
  { lambda, limit = 50 }: { readonly lambda: number; readonly limit?: number },
): Map<number, NeighbourList> {
  const items = [...core, ...halo];
  const weights = closedFormWeights(gramOf(bySubject, byItem, items), items.length, lambda);
  const places = items.map((_, at) => at);
  return new Map(core.map((item, row) => {
    const list = strongest(places, (column) => weights[row * items.length + column]!, limit);
    return [item, { items: list.items.map((column) => items[column]!), weights: list.weights }];
  }));
}
