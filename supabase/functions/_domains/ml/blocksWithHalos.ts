import type { NeighbourList } from "./neighbourLists.ts";
import { type ItemTie, packBlocks } from "./packBlocks.ts";
import type { ItemBlock } from "./solveBlock.ts";

/** Options of {@link blocksWithHalos}. */
export interface BlockOptions {
  /** Items whose weights a block gives. @default 100 */
  readonly coreSize?: number;
  /** Items of other blocks that are solved along. @default 250 */
  readonly haloSize?: number;
  /** Nearest ones of an item that count as its ties. @default 3 */
  readonly tiesEach?: number;
}

/** Blocks made of the nearest ones of each item; `nearest[i]` are item i's, `items` are in the order of their categories. */
export function blocksWithHalos(
  items: readonly number[],
  nearest: (item: number) => NeighbourList | undefined,
  options: BlockOptions = {},
): ItemBlock[] {
  const { coreSize = 100, haloSize = 250, tiesEach = 3 } = options;
  const ties: ItemTie[] = [];
  for (const one of items) {
    const list = nearest(one);
    list?.items.slice(0, tiesEach).forEach((other, at) => ties.push({ one, other, weight: list.weights[at]! }));
  }
  return packBlocks(items, ties, coreSize).map((core) => ({ core, halo: haloOf(core, nearest, haloSize) }));
}

/** Those outside that the core is tied to most. */
export function haloOf(
  core: readonly number[],
  nearest: (item: number) => NeighbourList | undefined,
  size: number,
): number[] {
  const within = new Set(core);
  const pull = new Map<number, number>();
  for (const item of core) {
    const list = nearest(item);
    list?.items.forEach((other, at) => {
      if (!within.has(other)) pull.set(other, (pull.get(other) ?? 0) + list.weights[at]!);
    });
  }
  return [...pull].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, size).map(([item]) => item);
}
