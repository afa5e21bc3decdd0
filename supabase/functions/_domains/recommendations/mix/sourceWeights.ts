import type { RecommendationKind } from "../recommendationRequest.ts";
import type { RecommendationSource } from "../recommendation.ts";

/** How much a source says, and the share of a row that it may take before others are preferred to it. */
export interface SourceWeight {
  readonly weight: number;
  readonly share: number;
}

const anywhere: Record<RecommendationSource, SourceWeight> = {
  "model": { weight: 0.9, share: 0.5 },
  "bought-together": { weight: 0.8, share: 0.4 },
  "taste": { weight: 0.8, share: 0.6 },
  "peers": { weight: 0.45, share: 0.25 },
  "habit": { weight: 0.9, share: 0.25 },
  "moment": { weight: 0.6, share: 0.3 },
  "popular": { weight: 0.3, share: 0.3 },
  "season": { weight: 0.35, share: 0.2 },
  "trending": { weight: 1, share: 1 },
  "similar": { weight: 0.7, share: 1 },
  "discovery": { weight: 0.8, share: 1 },
};

/** What a source is worth in a row of this kind. */
export function sourceWeight(kind: RecommendationKind, source: RecommendationSource): SourceWeight {
  const { weight, share } = anywhere[source];
  // Bought together is the very question there, and a model's neighbour no more than a guess at it.
  if (kind === "bought-together") return { weight: source === "bought-together" ? 1 : 0.5, share: 1 };
  return { weight, share: kind === "for-you" ? share : 1 };
}
