import {
  type MomentTaste,
  type MomentTastes,
  tasteOf,
  type TasteProfile,
  type TasteReason,
} from "../../personalization/ports.ts";
import type { Candidate } from "./candidate.ts";
import { namedIn } from "./namedIn.ts";
import type { RankingWeights } from "./rankingWeights.ts";

/** A candidate and what its score is made of, each between 0 and 1 before its weight. */
export interface ScoredCandidate {
  readonly candidate: Candidate;
  readonly score: number;
  readonly relevance: number;
  /** 0.5: nothing is known of the shopper that says anything of it. */
  readonly personal: number;
  readonly recency: number;
  readonly popularity: number;
  readonly season: number;
  /** What the moment makes of its category; `personal` has it in it. */
  readonly moment?: MomentTaste | undefined;
  /** What moved `personal`, strongest first. */
  readonly reasons: readonly TasteReason[];
  readonly isDisliked: boolean;
}

/** A product counts half as new after so many days. */
const recencyHalfLifeDays = 60;
/** The share of relevance that the name's likeness makes; the words' match makes the rest. */
const likenessShare = 0.3;
/** From here on an attribute is not wanted. */
const dislike = -0.35;
const seasons = { always: 0.5, now: 1, "not now": 0 } as const;

/** A first click says little, but what it says must show: small tastes count for more than their size, and strong ones level off. */
const steepness = 2.5;

const personalOf = (taste: number) => (1 + Math.tanh(steepness * taste) / Math.tanh(steepness)) / 2;

/** How far a moment moves the personal part at most, up or down: half as far as the first click on something. */
const momentShare = 0.15;

/** What is known of the shopper, and of what the moment makes of categories. */
export interface Wishes {
  readonly profile: TasteProfile;
  readonly moment: MomentTastes;
}

/** Scores what matches `query` for the shopper whose wishes are given. */
export function scoreCandidates(
  candidates: readonly Candidate[],
  { profile, moment: moments }: Wishes,
  weights: RankingWeights,
  query: string,
): ScoredCandidate[] {
  const best = candidates.reduce((most, { rank }) => Math.max(most, rank), 0);
  const isAskedFor = namedIn(query);
  return candidates.map((candidate) => {
    const taste = tasteOf(profile, candidate.traits, candidate.weights);
    const moment = moments.get(candidate.categoryId);
    const parts = {
      relevance: best === 0
        ? 0.5
        : (1 - likenessShare) * candidate.rank / best + likenessShare * Math.min(1, candidate.likeness),
      personal: Math.max(0, Math.min(1, personalOf(taste.score) + momentShare * (moment?.pull ?? 0))),
      recency: 2 ** (-Math.max(0, candidate.ageDays) / recencyHalfLifeDays),
      popularity: candidate.popularity,
      season: seasons[candidate.season],
    };
    return {
      candidate,
      ...parts,
      score: weights.relevance * parts.relevance + weights.personal * parts.personal +
        weights.recency * parts.recency + weights.popularity * parts.popularity + weights.season * parts.season,
      moment,
      reasons: taste.reasons,
      // Whoever asks for spicy chips is shown spicy chips.
      isDisliked: candidate.traits.some((trait) =>
        trait.startsWith("attribute:") && (profile.get(trait)?.score ?? 0) <= dislike && !isAskedFor(trait)
      ),
    };
  });
}
