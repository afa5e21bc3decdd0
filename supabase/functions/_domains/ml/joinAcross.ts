import { type NeighbourList, strongest } from "./neighbourLists.ts";

/**
 * Neighbours within a block in closed form, and beyond it by cosine: cosines are brought to the scale of the closed form by
 * what the two say of the pairs that both know, so that a neighbour beyond the border is worth as much as its like within.
 */
export function joinAcross(
  solved: ReadonlyMap<number, NeighbourList>,
  nearest: (item: number) => NeighbourList | undefined,
  within: ReadonlySet<number>,
  limit = 50,
): Map<number, NeighbourList> {
  const scale = scaleOf(solved, nearest);
  return new Map([...solved].map(([item, list]) => {
    const weights = new Map(list.items.map((other, at) => [other, list.weights[at]!]));
    const beyond = nearest(item);
    beyond?.items.forEach((other, at) => {
      if (!within.has(other)) weights.set(other, beyond.weights[at]! * scale);
    });
    return [item, strongest(weights.keys(), (other) => weights.get(other)!, limit)];
  }));
}

function scaleOf(
  solved: ReadonlyMap<number, NeighbourList>,
  nearest: (item: number) => NeighbourList | undefined,
): number {
  let bySolving = 0;
  let byCosine = 0;
  for (const [item, list] of solved) {
    const beside = nearest(item);
    const cosines = new Map(beside?.items.map((other, at) => [other, beside.weights[at]!]));
    list.items.forEach((other, at) => {
      const cosine = cosines.get(other);
      if (cosine === undefined) return;
      bySolving += list.weights[at]!;
      byCosine += cosine;
    });
  }
  // Where they share no pair, half: a cosine has not been corrected for what others explain.
  return byCosine > 0 ? bySolving / byCosine : 0.5;
}
