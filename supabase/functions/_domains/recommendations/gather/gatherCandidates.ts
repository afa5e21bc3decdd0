import type { SqlTag } from "../../../_shared/db/database.ts";
import type { RecommendationRequest } from "../recommendationRequest.ts";
import { type Gathered, type GatheredJson, toGathered } from "./gathered.ts";
import type { ShoppersDay } from "./shoppersDay.ts";

/** Everything a request needs, in one round trip; `undefined` where none of the products named is there. */
export async function gatherCandidates(
  call: SqlTag,
  sessionKey: string | undefined,
  request: RecommendationRequest,
  { day, month }: ShoppersDay,
  moments: readonly string[],
): Promise<Gathered | undefined> {
  const { kind, productIds = [], exclude = [], excludeBought = false, vendorId = null, limit = 12 } = request;
  const asked = { kind, limit, productIds, exclude, excludeBought, vendorId, month, moments, seed: day };
  const [row] = await call<{ gathered: GatheredJson | null }>`
    select recommendations.gather(${sessionKey ?? null}, ${asked}::jsonb) as gathered`;
  return row?.gathered ? toGathered(row.gathered) : undefined;
}
