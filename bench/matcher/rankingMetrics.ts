import type { TablePair } from "./tablePair.ts";

/** How well a matcher ranks one pair of tables. */
export interface RankingMetrics {
  /** Share of true pairs among the |truth| best-scored pairs overall. */
  readonly recall: number;
  /** Mean over the sources that have a partner of 1/rank of the first true target. */
  readonly meanReciprocalRank: number;
}

/** Measures a matrix of scores (source by target) against the truth. Ties are counted against the matcher. */
export function measureRanking(pair: TablePair, scores: readonly ArrayLike<number>[]): RankingMetrics {
  const isTrue = new Set(pair.truth.map(([source, target]) => `${source}/${target}`));
  const all = scores.flatMap((row, source) =>
    Array.from(row, (score, target) => ({ score, isTrue: isTrue.has(`${source}/${target}`) }))
  );
  all.sort((a, b) => b.score - a.score || Number(a.isTrue) - Number(b.isTrue));
  const found = all.slice(0, pair.truth.length).filter((entry) => entry.isTrue).length;
  const sources = [...new Set(pair.truth.map(([source]) => source))];
  const reciprocals = sources.map((source) => {
    const row = scores[source] as ArrayLike<number>;
    const ranks = pair.truth.filter(([own]) => own === source).map(([, target]) => {
      let rank = 1;
      for (let other = 0; other < row.length; other++) {
        if (other !== target && !isTrue.has(`${source}/${other}`) && row[other]! >= row[target]!) rank++;
      }
      return rank;
    });
    return 1 / Math.min(...ranks);
  });
  return { recall: found / Math.max(1, pair.truth.length), meanReciprocalRank: mean(reciprocals) };
}

/** The arithmetic mean; 0 of nothing. */
export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
