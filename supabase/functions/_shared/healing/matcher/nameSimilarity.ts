import { isSlip } from "./isSlip.ts";
import type { NameProfile } from "./nameProfile.ts";
import { compareTokens, isQualifier, type NameToken } from "./nameToken.ts";

/**
 * How two names compare, each figure in 0..1:
 * - alignment: share of both names' weight that finds a partner in the other;
 * - containment: the same for the better covered name alone;
 * - head: whether the last words, usually the nouns, mean the same;
 * - conflict: opposites on both sides, shipping against billing or 1 against 2;
 * - oneSided: a qualifier or number on one side only.
 */
export const nameFeatures = [
  "alignment",
  "containment",
  "head",
  "grams",
  "ideographs",
  "isSame",
  "conflict",
  "oneSided",
] as const;

/** Similarities of words, computed once for each pair of different words. */
export type TokenSimilarity = (a: NameToken, b: NameToken) => number;

/** A cache of word similarities between two tables for one matching run. */
export function cacheTokenSimilarity(): TokenSimilarity {
  // words are numbered within their table, so a row is an array and not a map: 21,000 pairs take 4 ms and not 10
  const rows: number[][] = [];
  return (a, b) => {
    const row = rows[a.index] ??= [];
    return row[b.index] ??= compareTokens(a, b);
  };
}

/** Compares two names word by word and letter by letter, and writes `nameFeatures` to `out` from `offset` on. */
export function compareNames(
  a: NameProfile,
  b: NameProfile,
  similarity: TokenSimilarity,
  out: Float64Array,
  offset: number,
): void {
  const isSame = a.squashed === b.squashed && a.squashed !== "";
  const isAcronym = matchesInitials(a, b) || matchesInitials(b, a);
  const opposition = alignTokens(a, b, similarity, out, offset);
  if (isAcronym) out[offset] = out[offset + 1] = Math.max(out[offset]!, 0.9);
  const grams = diceOfSorted(a.grams, b.grams);
  const isNearlySame = isSame || (grams >= gramsOfSlip && isSlip(a, b));
  if (isNearlySame) out[offset] = out[offset + 1] = isSame ? 1 : 0.95;
  const lastA = a.tokens.at(-1);
  const lastB = b.tokens.at(-1);
  out[offset + 2] = isNearlySame || isAcronym ? 1 : lastA && lastB ? similarity(lastA, lastB) : 0;
  out[offset + 3] = grams;
  out[offset + 4] = shareOfSets(a.ideographs, b.ideographs);
  out[offset + 5] = isSame ? 1 : 0;
  out[offset + 6] = !isNearlySame && opposition === "conflict" ? 1 : 0;
  out[offset + 7] = !isNearlySame && opposition === "one-sided" ? 1 : 0;
}

function matchesInitials(short: NameProfile, long: NameProfile): boolean {
  return short.tokens.length === 1 && long.initials.length >= 3 && short.squashed === long.initials;
}

type Opposition = "none" | "conflict" | "one-sided";

const covers = 0.7;
/** Names that share fewer letter groups are not looked at letter by letter. */
const gramsOfSlip = 0.15;

/** Writes alignment and containment, and tells what the unmatched words say of each other. */
function alignTokens(
  a: NameProfile,
  b: NameProfile,
  similarity: TokenSimilarity,
  out: Float64Array,
  offset: number,
): Opposition {
  // bits of the words that have found a partner
  let usedA = 0;
  let usedB = 0;
  let weightA = 0;
  let weightB = 0;
  // greedy by best remaining pair: names are of a few words, and ties are settled by the weights
  for (let round = Math.min(a.tokens.length, b.tokens.length); round > 0; round--) {
    let best = 0;
    let bestA = -1;
    let bestB = -1;
    for (let i = 0; i < a.tokens.length; i++) {
      if (usedA & (1 << i)) continue;
      for (let j = 0; j < b.tokens.length; j++) {
        if (usedB & (1 << j)) continue;
        const value = similarity(a.tokens[i] as NameToken, b.tokens[j] as NameToken);
        if (value > best) {
          best = value;
          bestA = i;
          bestB = j;
        }
      }
    }
    if (bestA < 0) break;
    weightA += best * (a.weights[bestA] as number);
    weightB += best * (b.weights[bestB] as number);
    if (best < covers) break;
    usedA |= 1 << bestA;
    usedB |= 1 << bestB;
  }
  out[offset] = (weightA + weightB) / 2;
  out[offset + 1] = Math.max(weightA, weightB);
  return a.hasQualifier || b.hasQualifier ? findOpposition(a.tokens, usedA, b.tokens, usedB) : "none";
}

function findOpposition(a: readonly NameToken[], usedA: number, b: readonly NameToken[], usedB: number): Opposition {
  const restA = a.filter((token, index) => !(usedA & (1 << index)) && isQualifier(token));
  const restB = b.filter((token, index) => !(usedB & (1 << index)) && isQualifier(token));
  if (restA.length + restB.length === 0) return "none";
  const isOpposed = restA.some((mine) =>
    restB.some((theirs) =>
      (mine.isNumber && theirs.isNumber) || (mine.family !== undefined && mine.family === theirs.family)
    )
  );
  return isOpposed ? "conflict" : "one-sided";
}

function diceOfSorted(a: Int32Array, b: Int32Array): number {
  let shared = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const left = a[i] as number;
    const right = b[j] as number;
    if (left === right) shared++;
    if (left <= right) i++;
    if (right <= left) j++;
  }
  return a.length + b.length === 0 ? 0 : 2 * shared / (a.length + b.length);
}

function shareOfSets(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 || b.size === 0) return 0;
  let shared = 0;
  for (const value of a) if (b.has(value)) shared++;
  return shared / Math.min(a.size, b.size);
}
