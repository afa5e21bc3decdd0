/** Where a ranking had what was wanted: 1 to 10, null for not among them. */
export interface CasePlace {
  readonly no: number;
  readonly wanted_at: Date;
  readonly place: number | null;
}

/** Sums of a test that can be added up over chunks, and kept in a cursor. */
export interface TestSums {
  readonly cases: number;
  readonly gain: number;
  readonly found: number;
  readonly popularityGain: number;
  /** Cases that the active model cannot have seen, and what each of the two gained there. */
  readonly newCases: number;
  readonly newGain: number;
  readonly activeGain: number;
}

/** Nothing tested yet. */
export const noTests: TestSums = {
  cases: 0,
  gain: 0,
  found: 0,
  popularityGain: 0,
  newCases: 0,
  newGain: 0,
  activeGain: 0,
};

/** Adds a chunk of cases; `active` is empty where nothing is live, and counts only what came after its training. */
export function addCases(
  sums: TestSums,
  { fresh, popularity, active, activeSince }: {
    fresh: readonly CasePlace[];
    popularity: readonly CasePlace[];
    active: readonly CasePlace[];
    activeSince: Date | undefined;
  },
): TestSums {
  const total = (places: readonly CasePlace[]) => places.reduce((sum, { place }) => sum + gainOf(place), 0);
  const isNew = ({ wanted_at }: CasePlace) => activeSince !== undefined && wanted_at > activeSince;
  return {
    cases: sums.cases + fresh.length,
    gain: sums.gain + total(fresh),
    found: sums.found + fresh.filter(({ place }) => place !== null).length,
    popularityGain: sums.popularityGain + total(popularity),
    newCases: sums.newCases + fresh.filter(isNew).length,
    newGain: sums.newGain + total(fresh.filter(isNew)),
    activeGain: sums.activeGain + total(active.filter(isNew)),
  };
}

/** What a test says of a version. */
export interface Verdict {
  readonly isGood: boolean;
  readonly reason: "better" | "worse_than_popularity" | "worse_than_active" | "too_few_cases" | "nothing_to_learn";
  readonly metrics: Readonly<Record<string, number | null>>;
}

/**
 * A version goes live if it is not worse than popularity and, on what the active one cannot have seen, not worse than the active
 * one. Two in a hundred are within what chance does. Where there is too little to judge, only a first version goes live.
 */
export function judgeTraining(
  sums: TestSums,
  { leastCases, hasActive, products }: { leastCases: number; hasActive: boolean; products: number },
): Verdict {
  const { cases, newCases } = sums;
  const mean = (sum: number, count: number) => count === 0 ? null : Number((sum / count).toFixed(5));
  const metrics = {
    cases,
    products,
    ndcg: mean(sums.gain, cases),
    recall: mean(sums.found, cases),
    popularityNdcg: mean(sums.popularityGain, cases),
    newCases,
    newNdcg: mean(sums.newGain, newCases),
    activeNdcg: mean(sums.activeGain, newCases),
  };
  const verdict = (isGood: boolean, reason: Verdict["reason"]) => ({ isGood, reason, metrics });
  if (products === 0) return verdict(false, "nothing_to_learn");
  if (cases < leastCases) return verdict(!hasActive, "too_few_cases");
  if (newCases >= leastCases && sums.newGain < 0.98 * sums.activeGain) return verdict(false, "worse_than_active");
  if (sums.gain < 0.98 * sums.popularityGain) return verdict(false, "worse_than_popularity");
  return verdict(true, "better");
}

function gainOf(place: number | null): number {
  return place === null ? 0 : 1 / Math.log2(place + 1);
}
