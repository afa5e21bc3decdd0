export { recommendFor } from "./recommendFor.ts";
export type { Recommendation, RecommendedItem } from "./recommendation.ts";
export type { RecommendationDeps } from "./recommendationDeps.ts";
export type { RecommendationKind, RecommendationRequest } from "./recommendationRequest.ts";
