import type { Recommendation } from "./recommendation.ts";
import type { RecommendationDeps } from "./recommendationDeps.ts";
import type { RecommendationRequest } from "./recommendationRequest.ts";

/** What the caller's session is recommended. The caller is whom `db` is opened for; `sessionKey` counts where that is no user. */
export function recommendFor(
  deps: RecommendationDeps,
  _sessionKey: string | undefined,
  _request: RecommendationRequest,
): Promise<Recommendation<{ readonly id: string }>> {
  return Promise.resolve({ recommendationId: deps.random.uuid(), isPersonal: false, items: [], model: null });
}
