import type { MomentTastes } from "../../personalization/ports.ts";
import type { Candidate, Found, TraitVector } from "../gather/candidate.ts";
import type { RecommendationSource } from "../recommendation.ts";
import type { RecommendationKind } from "../recommendationRequest.ts";
import { cosine } from "./cosine.ts";
import type { Scored, Taste } from "./scored.ts";
import { sourceWeight } from "./sourceWeights.ts";

/** What candidates are scored by. */
export interface ScoringContext {
  readonly kind: RecommendationKind;
  tasteOf(product: TraitVector): Taste;
  /** What the shopper said to have no interest in. */
  readonly unlike: readonly TraitVector[];
  /** What the moment makes of categories. */
  readonly moment?: MomentTastes | undefined;
  /** The product that others are to be similar to. */
  readonly anchor?: TraitVector | undefined;
}

/** Sources whose strengths are sums without an upper bound: they count beside the strongest of their kind. */
const unbounded: ReadonlySet<RecommendationSource> = new Set(["model", "bought-together", "peers"]);

/** How much of a score each part makes: who found it, the shopper's taste, how wanted it is, its season. */
const shares = { found: 0.32, taste: 0.5, popularity: 0.08, season: 0.05 };

/** How much the moment adds to a score, or takes from it, at most. */
const momentShare = 0.1;

/** Scores candidates from 0 to 1; the order of the candidates is kept. */
export function scoreCandidates(candidates: readonly Candidate[], context: ScoringContext): Scored[] {
  const strongest = strongestOf(candidates);
  const worth = ({ source, strength }: Found) => {
    const part = unbounded.has(source) ? strength / (strongest.get(source) ?? 1) : strength;
    return sourceWeight(context.kind, source).weight * (0.3 + 0.7 * clamp(part));
  };
  return candidates.map((candidate) => {
    const taste = context.tasteOf(candidate);
    const moment = context.moment?.get(candidate.categoryId);
    const [first, ...others] = candidate.found;
    let lead = first!;
    for (const found of others) if (worth(found) > worth(lead)) lead = found;
    // Found in two ways is more than found in one, and never more than certain.
    const found = 1 - candidate.found.reduce((left, way) => left * (1 - clamp(worth(way)) * 0.95), 1);
    const likeness = context.anchor === undefined ? found : 0.4 * found + 0.6 * cosine(context.anchor, candidate);
    const score = shares.found * likeness + shares.taste * (taste.score + 1) / 2 +
      shares.popularity * clamp(candidate.popularity) + shares.season * Number(candidate.isInSeason) +
      momentShare * (moment?.pull ?? 0);
    return {
      candidate,
      lead,
      taste,
      moment,
      score: clamp(score * patience(candidate, context) * interest(candidate, context)),
    };
  });
}

/** Whoever has just bought something does not need it today. */
function patience({ habit }: Candidate, { kind }: ScoringContext): number {
  if (habit === undefined || kind !== "for-you") return 1;
  return habit.daysSince < 0.6 * (habit.intervalDays ?? 7) ? 0.4 : 1;
}

/** What is like something refused loses, the more alike the more. */
function interest(candidate: Candidate, { unlike }: ScoringContext): number {
  const nearest = unlike.reduce((nearest, refused) => Math.max(nearest, cosine(refused, candidate)), 0);
  return nearest < 0.3 ? 1 : 1 - 0.7 * nearest;
}

function strongestOf(candidates: readonly Candidate[]): Map<RecommendationSource, number> {
  const strongest = new Map<RecommendationSource, number>();
  for (const { found } of candidates) {
    for (const { source, strength } of found) strongest.set(source, Math.max(strongest.get(source) ?? 1e-9, strength));
  }
  return strongest;
}

function clamp(value: number): number {
  return Math.max(0, Math.min(1, value));
}
