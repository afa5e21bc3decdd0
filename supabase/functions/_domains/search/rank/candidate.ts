/** A product that matches, with what scoring needs of it. */
export interface Candidate {
  readonly id: string;
  /** How well its words match, in Postgres' measure. */
  readonly rank: number;
  /** Between 0 and 1: how alike its name and the query are. */
  readonly likeness: number;
  readonly popularity: number;
  readonly season: "always" | "now" | "not now";
  readonly ageDays: number;
  readonly vendorId: string;
  readonly categoryId: string;
  readonly traits: readonly string[];
  readonly weights: readonly number[];
}
