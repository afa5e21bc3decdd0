import type { InteractionMatrix } from "./interactionMatrix.ts";
import { type NeighbourList, strongest } from "./neighbourLists.ts";

/** Options of {@link cosineNeighbours}. */
export interface CosineOptions {
  /** Neighbours an item. @default 50 */
  readonly limit?: number;
  /** Added to the product of the norms: two items that one subject alone wanted are no twins. @default 5 */
  readonly shrinkage?: number;
  /** The first item and the one after the last. @default all */
  readonly from?: number;
  readonly to?: number;
}

/** Items wanted by the same subjects: the cosine of their columns, shrunk where little is known. */
export function cosineNeighbours(
  bySubject: InteractionMatrix,
  byItem: InteractionMatrix,
  options: CosineOptions = {},
): NeighbourList[] {
  const { limit = 50, shrinkage = 5, from = 0, to = bySubject.itemCount } = options;
  const norms = columnNorms(byItem);
  const sums = new Float64Array(bySubject.itemCount);
  const lists: NeighbourList[] = [];
  for (let item = from; item < to; item++) {
    const touched: number[] = [];
    for (let at = byItem.starts[item]!; at < byItem.starts[item + 1]!; at++) {
      const subject = byItem.items[at]!;
      const weight = byItem.weights[at]!;
      for (let other = bySubject.starts[subject]!; other < bySubject.starts[subject + 1]!; other++) {
        const neighbour = bySubject.items[other]!;
        if (sums[neighbour] === 0) touched.push(neighbour);
        sums[neighbour]! += weight * bySubject.weights[other]!;
      }
    }
    sums[item] = 0;
    lists.push(strongest(touched, (other) => sums[other]! / (norms[item]! * norms[other]! + shrinkage), limit));
    for (const other of touched) sums[other] = 0;
  }
  return lists;
}

function columnNorms(byItem: InteractionMatrix): Float64Array {
  return Float64Array.from({ length: byItem.starts.length - 1 }, (_, item) => {
    let sum = 0;
    for (let at = byItem.starts[item]!; at < byItem.starts[item + 1]!; at++) sum += byItem.weights[at]! ** 2;
    return Math.sqrt(sum);
  });
}
