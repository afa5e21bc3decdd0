/** Which way a product came to be recommended. */
export type RecommendationSource =
  | "model"
  | "bought-together"
  | "taste"
  | "habit"
  | "peers"
  | "moment"
  | "popular"
  | "season"
  | "trending"
  | "similar"
  | "discovery";

/** The item-item model that took part. */
export interface RecommendationModel {
  readonly version: number;
}

/** One recommended product. */
export interface RecommendedItem<Card> {
  readonly product: Card;
  /** 0 to 1; comparable within one answer. */
  readonly score: number;
  /** One sentence for the shopper. */
  readonly reason: string;
  readonly source: RecommendationSource;
  /** How much to offer, where the shopper has a habit. */
  readonly quantity?: number | undefined;
}

/** An answer. `recommendationId` is the list's id that events carry as `listId`. */
export interface Recommendation<Card> {
  readonly recommendationId: string;
  readonly isPersonal: boolean;
  readonly items: readonly RecommendedItem<Card>[];
  readonly model: RecommendationModel | null;
}
