import { stableFraction } from "../../../_shared/random/stableHash.ts";
import type { Candidate } from "../gather/candidate.ts";
import type { Scored } from "./scored.ts";

/** How much of a row of discoveries may be known already. */
const knownShare = 0.2;

/** How much chance has a say, so that a row is another one tomorrow. */
const chance = 0.25;

/** What discoveries are made of. */
export interface ExploreOptions {
  /** Decides as chance does: the same seed, the same row. */
  readonly seed: string;
  readonly limit: number;
  isKnown(candidate: Candidate): boolean;
}

/** Lets chance move scores, and of what is known leaves the best few. */
export function explore(scored: readonly Scored[], { seed, limit, isKnown }: ExploreOptions): Scored[] {
  const moved = scored.map((one) => ({
    ...one,
    score: (1 - chance) * one.score + chance * stableFraction(seed, one.candidate.id),
  })).sort((a, b) => b.score - a.score || (a.candidate.id < b.candidate.id ? -1 : 1));
  let room = Math.floor(knownShare * limit);
  return moved.filter(({ candidate }) => !isKnown(candidate) || room-- > 0);
}
