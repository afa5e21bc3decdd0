/** What a score is made of: shares that sum to 1, and how much a vendor's next hit loses. */
export interface RankingWeights {
  readonly relevance: number;
  readonly personal: number;
  readonly recency: number;
  readonly popularity: number;
  readonly season: number;
  /** What a hit loses for each of the last few that is of its vendor. */
  readonly diversity: number;
}
