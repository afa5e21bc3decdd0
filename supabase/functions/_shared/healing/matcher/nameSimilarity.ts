import type { NameProfile } from "./nameProfile.ts";
import { compareTokens, type NameToken } from "./nameToken.ts";

/** How two names compare; every figure is in 0..1. */
export interface NameComparison {
  /** Share of both names' weight that finds a partner in the other. */
  alignment: number;
  /** Share of the lighter covered name's weight that finds a partner. */
  containment: number;
  /** Whether the last words, usually the nouns, mean the same. */
  head: number;
  grams: number;
  ideographs: number;
  isSame: number;
  /** Opposites on both sides: shipping against billing, 1 against 2. */
  conflict: number;
  /** A qualifier or number on one side only. */
  oneSided: number;
}

/** Similarities of words, computed once for each pair of different words. */
export type TokenSimilarity = (a: NameToken, b: NameToken) => number;

/** A cache of word similarities for one matching run. */
export function cacheTokenSimilarity(): TokenSimilarity {
  const rows = new Map<NameToken, Map<NameToken, number>>();
  return (a, b) => {
    let row = rows.get(a);
    if (row === undefined) rows.set(a, row = new Map());
    let value = row.get(b);
    if (value === undefined) row.set(b, value = compareTokens(a, b));
    return value;
  };
}

/** Compares two names word by word and letter by letter. */
export function compareNames(a: NameProfile, b: NameProfile, similarity: TokenSimilarity): NameComparison {
  const covered = alignTokens(a, b, similarity);
  const isSame = a.squashed === b.squashed && a.squashed !== "" ? 1 : 0;
  let alignment = (covered.weightA + covered.weightB) / 2;
  let containment = Math.max(covered.weightA, covered.weightB);
  const isAcronym = matchesInitials(a, b) || matchesInitials(b, a);
  if (isAcronym) alignment = containment = Math.max(alignment, 0.9);
  if (isSame) alignment = containment = 1;
  const lastA = a.tokens.at(-1);
  const lastB = b.tokens.at(-1);
  return {
    alignment,
    containment,
    head: isSame || isAcronym ? 1 : lastA && lastB ? similarity(lastA, lastB) : 0,
    grams: diceOfSorted(a.grams, b.grams),
    ideographs: shareOfSets(a.ideographs, b.ideographs),
    isSame,
    conflict: isSame ? 0 : covered.conflict,
    oneSided: isSame ? 0 : covered.oneSided,
  };
}

function matchesInitials(short: NameProfile, long: NameProfile): boolean {
  return short.tokens.length === 1 && long.initials.length >= 3 && short.squashed === long.initials;
}

const covers = 0.7;

function alignTokens(a: NameProfile, b: NameProfile, similarity: TokenSimilarity) {
  const usedB = new Array<boolean>(b.tokens.length).fill(false);
  const usedA = new Array<boolean>(a.tokens.length).fill(false);
  let weightA = 0;
  let weightB = 0;
  // greedy by best remaining pair: names are of a few words, and ties are settled by the weights
  for (let round = Math.min(a.tokens.length, b.tokens.length); round > 0; round--) {
    let best = 0;
    let bestA = -1;
    let bestB = -1;
    for (let i = 0; i < a.tokens.length; i++) {
      if (usedA[i]) continue;
      for (let j = 0; j < b.tokens.length; j++) {
        if (usedB[j]) continue;
        const value = similarity(a.tokens[i] as NameToken, b.tokens[j] as NameToken);
        if (value > best) [best, bestA, bestB] = [value, i, j];
      }
    }
    if (bestA < 0) break;
    usedA[bestA] = usedB[bestB] = best >= covers;
    weightA += best * (a.weights[bestA] as number);
    weightB += best * (b.weights[bestB] as number);
    if (best < covers) break;
  }
  return { weightA, weightB, ...findQualifiers(a.tokens, usedA, b.tokens, usedB) };
}

function findQualifiers(a: readonly NameToken[], usedA: boolean[], b: readonly NameToken[], usedB: boolean[]) {
  const restA = a.filter((token, index) => !usedA[index] && (token.family !== undefined || token.isNumber));
  const restB = b.filter((token, index) => !usedB[index] && (token.family !== undefined || token.isNumber));
  if (restA.length + restB.length === 0) return { conflict: 0, oneSided: 0 };
  const isOpposed = restA.some((mine) =>
    restB.some((theirs) =>
      (mine.isNumber && theirs.isNumber) || (mine.family !== undefined && mine.family === theirs.family)
    )
  );
  return { conflict: isOpposed ? 1 : 0, oneSided: isOpposed ? 0 : 1 };
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
