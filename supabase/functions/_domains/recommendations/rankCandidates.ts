import { tasteOf, type TasteProfile } from "../personalization/ports.ts";
import type { Candidate } from "./gather/candidate.ts";
import type { Gathered } from "./gather/gathered.ts";
import { explore } from "./mix/explore.ts";
import { isDisliked } from "./mix/isDisliked.ts";
import { pickDiverse } from "./mix/pickDiverse.ts";
import { scoreCandidates } from "./mix/scoreCandidates.ts";
import type { Scored } from "./mix/scored.ts";
import type { RecommendationKind } from "./recommendationRequest.ts";

/** How candidates become a row. */
export interface RankOptions {
  readonly kind: RecommendationKind;
  readonly limit: number;
  /** The day, for rows that chance has a say in. */
  readonly day: string;
}

/** What was bought again and again is offered again, whatever else is known of it. */
const habitual: ReadonlySet<RecommendationKind> = new Set(["reorder", "quantity"]);

/** Makes a row of what was gathered: the same of the same. */
export function rankCandidates(gathered: Gathered, { kind, limit, day }: RankOptions): Scored[] {
  const { profile } = gathered;
  const taste = ({ traits, weights }: Candidate) => tasteOf(profile, traits, weights);
  if (habitual.has(kind)) return byStrength(gathered.candidates, taste).slice(0, limit);
  const wanted = gathered.candidates.filter((candidate) => !isDisliked(candidate, profile));
  const scored = scoreCandidates(wanted, {
    kind,
    tasteOf: ({ traits, weights }) => tasteOf(profile, traits, weights),
    unlike: gathered.unlike,
    anchor: gathered.anchor,
    moment: gathered.moment,
  });
  if (kind !== "discovery") return pickDiverse(scored, { kind, limit });
  const seed = `${gathered.subject ?? "anybody"} ${day}`;
  return pickDiverse(explore(scored, { seed, limit, isKnown: (product) => isKnown(product, profile) }), {
    kind,
    limit,
  });
}

function byStrength(candidates: readonly Candidate[], tasteOf: (candidate: Candidate) => Scored["taste"]): Scored[] {
  return candidates.map((candidate) => {
    const lead = candidate.found[0]!;
    return { candidate, lead, score: Math.max(0, Math.min(1, lead.strength)), taste: tasteOf(candidate) };
  }).sort((a, b) => b.score - a.score || (a.candidate.id < b.candidate.id ? -1 : 1));
}

/** Has the shopper met its categories and its vendor? */
function isKnown({ traits }: Candidate, profile: TasteProfile): boolean {
  const places = traits.filter((trait) => trait.startsWith("category:") || trait.startsWith("vendor:"));
  return places.length > 0 && places.every((trait) => profile.has(trait));
}
