/** How good rankings were, over all that were judged. */
export interface RankingQuality {
  /** 1 where what was wanted stood first every time; discounted by the place otherwise. */
  readonly ndcg: number;
  /** The share that was found among the first ten. */
  readonly recall: number;
  /** The share of all items that anybody was shown. */
  readonly coverage: number;
  readonly judged: number;
}

/** Sums up rankings of at most ten against the one item each subject went on to want. */
export class RankingJudge {
  #gain = 0;
  #found = 0;
  #judged = 0;
  readonly #shown = new Set<number>();

  /** The discounted gain of one ranking: 1 at the first place. */
  judge(ranking: readonly number[], wanted: number): number {
    const top = ranking.slice(0, 10);
    for (const item of top) this.#shown.add(item);
    const place = top.indexOf(wanted);
    const gain = place < 0 ? 0 : 1 / Math.log2(place + 2);
    this.#gain += gain;
    if (place >= 0) this.#found += 1;
    this.#judged += 1;
    return gain;
  }

  /** What they came to. */
  quality(itemCount: number): RankingQuality {
    const judged = Math.max(1, this.#judged);
    return {
      ndcg: this.#gain / judged,
      recall: this.#found / judged,
      coverage: this.#shown.size / Math.max(1, itemCount),
      judged: this.#judged,
    };
  }
}
