import type { RecommendationSource } from "../recommendation.ts";

/** One way a product was found. */
export interface Found {
  readonly source: RecommendationSource;
  /** Comparable within its source. */
  readonly strength: number;
  /** The id of the product, or the trait, that led to it. */
  readonly because: string | undefined;
}

/** What the shopper does with a product again and again. */
export interface Habit {
  readonly purchases: number;
  readonly usualQuantity: number;
  readonly lastQuantity: number;
  readonly intervalDays: number | undefined;
  readonly daysSince: number;
}

/** Traits of a product and how much each of them says. */
export interface TraitVector {
  readonly traits: readonly string[];
  readonly weights: readonly number[];
}

/** A product that may be recommended, with what scoring needs. */
export interface Candidate extends TraitVector {
  readonly id: string;
  readonly categoryId: string;
  readonly vendorId: string;
  /** Strongest first; at least one. */
  readonly found: readonly Found[];
  /** 0 to 1, beside its category. */
  readonly popularity: number;
  /** In season now, and not all year. */
  readonly isInSeason: boolean;
  readonly habit: Habit | undefined;
}
