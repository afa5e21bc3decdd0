import type { InteractionMatrix } from "./interactionMatrix.ts";
import { type NeighbourList, strongest } from "./neighbourLists.ts";

/** Gives the nearest items of one, at most `limit`. */
export type NearestFinder = (item: number, limit: number) => NeighbourList;

/**
 * Items wanted by the same subjects: the cosine of their columns, shrunk where little is known (`shrinkage` is added to the
 * product of the norms, so that two items that one subject alone wanted are no twins). What all items need is worked out once.
 */
export function cosineNeighbours(
  bySubject: InteractionMatrix,
  byItem: InteractionMatrix,
  { shrinkage = 5 }: { readonly shrinkage?: number } = {},
): NearestFinder {
  const norms = columnNorms(byItem);
  const sums = new Float64Array(bySubject.itemCount);
  return (item, limit) => {
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
    const list = strongest(touched, (other) => sums[other]! / (norms[item]! * norms[other]! + shrinkage), limit);
    for (const other of touched) sums[other] = 0;
    return list;
  };
}

function columnNorms(byItem: InteractionMatrix): Float64Array {
  return Float64Array.from({ length: byItem.starts.length - 1 }, (_, item) => {
    let sum = 0;
    for (let at = byItem.starts[item]!; at < byItem.starts[item + 1]!; at++) sum += byItem.weights[at]! ** 2;
    return Math.sqrt(sum);
  });
}
