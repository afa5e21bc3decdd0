import type { TablePair } from "./tablePair.ts";

/** The floor to leave behind: Jaccard of padded character trigrams of the two names, as pg_trgm does it. */
export function scoreByTrigrams(pair: TablePair): Float64Array[] {
  const targets = pair.targets.map((column) => trigrams(column.name));
  return pair.sources.map((source) => {
    const mine = trigrams(source.name);
    return Float64Array.from(targets, (theirs) => jaccard(mine, theirs));
  });
}

function trigrams(name: string): Set<string> {
  const result = new Set<string>();
  for (const word of name.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    const padded = `  ${word} `;
    for (let at = 0; at + 3 <= padded.length; at++) result.add(padded.slice(at, at + 3));
  }
  return result;
}

function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const gram of a) if (b.has(gram)) shared++;
  return a.size + b.size === 0 ? 0 : shared / (a.size + b.size - shared);
}
