import type { SubjectHistory } from "./interactionMatrix.ts";
import { type NeighbourList, strongest } from "./neighbourLists.ts";

/** What a subject with this history would want next by an item-item model: the `limit` best they do not have. */
export function scoreHistory(
  { items, weights }: SubjectHistory,
  neighboursOf: (item: number) => NeighbourList | undefined,
  limit: number,
): NeighbourList {
  const scores = new Map<number, number>();
  for (let at = 0; at < items.length; at++) {
    const list = neighboursOf(items[at]!);
    if (list === undefined) continue;
    const weight = weights?.[at] ?? 1;
    list.items.forEach((other, place) => {
      scores.set(other, (scores.get(other) ?? 0) + weight * list.weights[place]!);
    });
  }
  for (let at = 0; at < items.length; at++) scores.delete(items[at]!);
  return strongest(scores.keys(), (item) => scores.get(item)!, limit);
}
