import type { HealVote } from "./healVote.ts";

/** One in so many of the votes may come from one table, and one in so many from one writer. */
const shareOfOne = 3;

/** How many right votes count: those of the service, and of each table and each writer from outside no more than a third. */
export function countVotes(votes: readonly HealVote[], isWithinTable: boolean): number {
  const ofService = votes.filter(({ writer }) => writer === undefined);
  const ofWriters = votes.filter(({ writer }) => writer !== undefined);
  const most = evenShare(countBy(ofWriters, ({ writer }) => writer!), ofService.length);
  const taken = new Map<string, number>();
  const heard = [...ofService];
  for (const vote of ofWriters) {
    const count = taken.get(vote.writer!) ?? 0;
    if (count >= most) continue;
    taken.set(vote.writer!, count + 1);
    heard.push(vote);
  }
  if (isWithinTable) return heard.length;
  const tables = countBy(heard, ({ table }) => table);
  const mostOfTable = evenShare(tables, 0);
  return [...tables.values()].reduce((sum, count) => sum + Math.min(count, mostOfTable), 0);
}

/** The most that one may give, so that nobody gives more than a third of all that count; `others` count in full. */
function evenShare(counts: ReadonlyMap<string, number>, others: number): number {
  const sizes = [...counts.values()].sort((one, other) => one - other);
  const sumAt = (most: number) => sizes.reduce((sum, size) => sum + Math.min(size, most), others);
  let [low, high] = [0, sizes.at(-1) ?? 0];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (sumAt(middle) >= shareOfOne * middle) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** How many of the things have each name. */
export function countBy<Thing>(things: Iterable<Thing>, nameOf: (thing: Thing) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const thing of things) counts.set(nameOf(thing), (counts.get(nameOf(thing)) ?? 0) + 1);
  return counts;
}
