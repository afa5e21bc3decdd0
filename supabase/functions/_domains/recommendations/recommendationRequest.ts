import type { MomentContext } from "../personalization/ports.ts";

/** What may be asked for, each answered in its own way. */
export const recommendationKinds = [
  "for-you",
  "similar",
  "bought-together",
  "reorder",
  "quantity",
  "discovery",
  "trending",
] as const;

/** What is asked for. */
export type RecommendationKind = typeof recommendationKinds[number];

/**
 * What to recommend, as use cases ask for it: who asks is told by the database's identity, never in here. What is
 * said of the moment is what the shopper has around them; their time zone says which day and month it is, else it is UTC's.
 */
export interface RecommendationRequest extends MomentContext {
  readonly kind: RecommendationKind;
  /** What the others are to go with: one product for `similar` and `quantity`, up to 20 for `bought-together`. @default [] */
  readonly productIds?: readonly string[] | undefined;
  /** @default 12 */
  readonly limit?: number | undefined;
  /** Leaves out what the shopper has bought before. @default false */
  readonly excludeBought?: boolean | undefined;
  /** Products that are not to be shown, such as those on the page already. @default [] */
  readonly exclude?: readonly string[] | undefined;
  /** Only products of this vendor. @default all */
  readonly vendorId?: string | undefined;
}
