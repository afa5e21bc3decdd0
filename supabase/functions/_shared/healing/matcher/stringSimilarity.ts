/** Edits (insert, delete, replace, swap of neighbours) between two words. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const isSame = a[row - 1] === b[column - 1];
      let best = Math.min(
        (last[column] as number) + 1,
        (current[column - 1] as number) + 1,
        (last[column - 1] as number) + (isSame ? 0 : 1),
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        best = Math.min(best, (beforeLast[column - 2] as number) + 1);
      }
      current.push(best);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length] as number;
}

/** How well `short` abbreviates `long`, 0..1: a prefix, its consonants, or letters of it in order. */
export function abbreviationSimilarity(short: string, long: string): number {
  if (short.length < 2 || short.length >= long.length || short[0] !== long[0]) return 0;
  if (long.startsWith(short)) return short.length >= 3 ? 0.6 + 0.3 * short.length / long.length : 0.35;
  const skeleton = long[0] + long.slice(1).replace(/[aeiou]/g, "");
  if (short === skeleton) return 0.9;
  if (short.length >= 3 && skeleton.startsWith(short)) return 0.75;
  return short.length >= 3 && isSubsequence(short, long) ? 0.35 + 0.3 * short.length / long.length : 0;
}

function isSubsequence(short: string, long: string): boolean {
  let at = 0;
  for (const letter of long) if (letter === short[at]) at++;
  return at === short.length;
}

/** The letters and digits of a word as bits: words that share few of them cannot be alike. */
export function letterMask(word: string): number {
  let mask = 0;
  for (let at = 0; at < word.length; at++) mask |= 1 << (word.charCodeAt(at) % 31);
  return mask;
}

/** The number of set bits. */
export function countBits(mask: number): number {
  let rest = mask - ((mask >>> 1) & 0x55555555);
  rest = (rest & 0x33333333) + ((rest >>> 2) & 0x33333333);
  return (((rest + (rest >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
