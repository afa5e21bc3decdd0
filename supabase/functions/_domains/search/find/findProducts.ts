import type { SqlTag } from "../../../_shared/db/database.ts";
import type { SearchRequest } from "../searchSchemas.ts";
import { type MomentRow, type MomentTastes, toMomentTastes } from "../../personalization/ports.ts";
import { type Found, type FoundJson, toFound } from "./found.ts";

/** How many candidates `search.find` gives with what scoring needs; of those behind them it gives the ids. */
const headLength = 300;
/** How many products of a page may have been put elsewhere, as far as `search.find` tells. */
const mostPlaced = 100;

/** Finds what matches, and all that ranking it for the caller needs, in one round trip. */
export async function findProducts(
  call: SqlTag,
  sessionKey: string | undefined,
  { q, filters, facets, personalize, offset, limit }: SearchRequest,
  { month, moments }: { readonly month: number; readonly moments: readonly string[] },
): Promise<Found & { readonly moment: MomentTastes; readonly isWhole: boolean }> {
  const until = offset + limit + mostPlaced;
  const ask = { q, ...filters, facets, personalize, month, until };
  const key = sessionKey ?? null;
  const [row] = moments.length > 0 && personalize
    ? await call<{ found: FoundJson; moment: MomentRow[] }>`
      select search.find(${key}, ${ask}::jsonb) as found, personalization.caller_moments(${key}, ${moments}::text[]) as moment`
    : await call<{ found: FoundJson; moment?: undefined }>`select search.find(${key}, ${ask}::jsonb) as found`;
  const { candidates, tail } = row!.found;
  const isWhole = candidates.length + tail.length < Math.max(until, headLength);
  return { ...toFound(row!.found), moment: toMomentTastes(row!.moment ?? []), isWhole };
}
