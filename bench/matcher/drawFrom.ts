import type { Random } from "../../supabase/functions/_shared/random/random.ts";

/** Draws from a seeded source. */
export interface Draw {
  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number;
  float(low: number, high: number): number;
  chance(share: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
  shuffle<Item>(items: readonly Item[]): Item[];
}

/** Wraps a random source into the draws a generator needs. */
export function drawFrom(random: Random): Draw {
  const int = (low: number, high: number) => low + Math.floor(random.next() * (high - low + 1));
  return {
    int,
    float: (low, high) => low + random.next() * (high - low),
    chance: (share) => random.next() < share,
    pick: (items) => items[int(0, items.length - 1)]!,
    shuffle: (items) => {
      const result = [...items];
      for (let at = result.length - 1; at > 0; at--) {
        const other = int(0, at);
        [result[at], result[other]] = [result[other]!, result[at]!];
      }
      return result;
    },
  };
}
