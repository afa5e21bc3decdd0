import { type TasteProfile, type TasteRow, toTasteProfile } from "../../personalization/ports.ts";
import type { RankingWeights } from "../rank/rankingWeights.ts";
import type { Candidate } from "../rank/candidate.ts";

/** What `search.find` gives. */
export interface FoundJson {
  readonly profileVersion: number;
  readonly profile: readonly TasteRow[];
  readonly ranking: RankingWeights & { readonly version: number };
  readonly experiment: string | null;
  readonly arm: string | null;
  readonly corrected: string | null;
  readonly relaxed: boolean;
  readonly total: number;
  readonly candidates: readonly (readonly [
    id: string,
    rank: number,
    likeness: number,
    popularity: number,
    isInSeason: boolean,
    months: number,
    ageDays: number,
    vendorId: string,
    categoryId: string,
    traits?: readonly string[] | null,
    weights?: readonly number[] | null,
  ])[];
  readonly tail: readonly string[];
  readonly pinned: readonly (readonly [id: string, place: number])[];
  readonly buried: readonly string[];
  readonly facets: Record<string, unknown> | null;
}

/** What was found, as ranking takes it. */
export interface Found extends Omit<FoundJson, "profile" | "candidates"> {
  readonly profile: TasteProfile;
  readonly candidates: readonly Candidate[];
}

/** Reads what `search.find` gives. */
export function toFound(json: FoundJson): Found {
  return {
    ...json,
    profile: toTasteProfile(json.profile),
    candidates: json.candidates.map((
      [id, rank, likeness, popularity, isInSeason, months, ageDays, vendorId, categoryId, traits, weights],
    ) => ({
      id,
      rank,
      likeness,
      popularity,
      season: months === 0 ? "always" : isInSeason ? "now" : "not now",
      ageDays,
      vendorId,
      categoryId,
      traits: traits ?? [],
      weights: weights ?? [],
    })),
  };
}
