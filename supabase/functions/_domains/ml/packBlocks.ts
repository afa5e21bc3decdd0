/** A pair of items that belong together, and how much. */
export interface ItemTie {
  readonly one: number;
  readonly other: number;
  readonly weight: number;
}

/**
 * Parts items into blocks of at most `limit`, so that strong ties lie within blocks: ties are taken strongest first and join
 * what they connect as long as it fits; what is left in pieces is packed in the order of `items`, which should put kin side by
 * side (by category). The same input gives the same blocks.
 */
export function packBlocks(items: readonly number[], ties: readonly ItemTie[], limit: number): number[][] {
  const root = new Map(items.map((item) => [item, item]));
  const size = new Map(items.map((item) => [item, 1]));
  const find = (item: number): number => {
    let at = item;
    while (root.get(at)! !== at) {
      root.set(at, root.get(root.get(at)!)!);
      at = root.get(at)!;
    }
    return at;
  };
  const sorted = ties.filter(({ one, other }) => root.has(one) && root.has(other))
    .sort((a, b) => b.weight - a.weight || a.one - b.one || a.other - b.other);
  for (const { one, other } of sorted) {
    const [a, b] = [find(one), find(other)];
    const joint = size.get(a)! + size.get(b)!;
    if (a === b || joint > limit) continue;
    root.set(Math.max(a, b), Math.min(a, b));
    size.set(Math.min(a, b), joint);
  }
  const pieces = new Map<number, number[]>();
  for (const item of items) {
    const of = find(item);
    const piece = pieces.get(of);
    if (piece === undefined) pieces.set(of, [item]);
    else piece.push(item);
  }
  const blocks: number[][] = [];
  for (const piece of pieces.values()) {
    const last = blocks.at(-1);
    if (last !== undefined && last.length + piece.length <= limit) last.push(...piece);
    else blocks.push([...piece]);
  }
  return blocks;
}
