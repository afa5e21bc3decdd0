/** The number of single-character edits (insert, delete, replace, swap of neighbours) that turn `a` into `b`. */
export function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const isSame = a[row - 1] === b[column - 1];
      let best = Math.min(previous[column]! + 1, current[column - 1]! + 1, previous[column - 1]! + (isSame ? 0 : 1));
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        best = Math.min(best, beforePrevious[column - 2]! + 1);
      }
      current.push(best);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length]!;
}

/** A name longer than this is not a typing error: comparing it would only cost time. */
const longestName = 100;

/** The known names that `wanted` is likely to be a slip of, nearest first. */
export function nearestNames(
  wanted: string,
  known: Iterable<string>,
  options: { /** @default 3 */ limit?: number } = {},
) {
  const { limit = 3 } = options;
  if (wanted.length > longestName) return [];
  const lower = wanted.toLowerCase();
  const scored: { name: string; distance: number }[] = [];
  for (const name of known) {
    const distance = editDistance(lower, name.toLowerCase());
    const isPart = lower.length >= 3 && name.toLowerCase().includes(lower);
    if (distance <= Math.max(2, Math.ceil(name.length / 3)) || isPart) scored.push({ name, distance });
  }
  scored.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  return scored.slice(0, limit).map((entry) => entry.name);
}
