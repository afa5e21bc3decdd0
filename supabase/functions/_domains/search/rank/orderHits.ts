import type { ScoredCandidate } from "./scoreCandidates.ts";

/** How many of the last hits a vendor's next one is held against. */
const window = 6;

/**
 * Puts scored candidates in order: what the shopper does not want last, and otherwise by score, less `diversity` for each of the
 * last few hits of the same vendor. Ties are settled by id, so that the same question is answered the same.
 * Only the first `count` are spread; the others follow by score.
 */
export function orderHits(scored: readonly ScoredCandidate[], diversity: number, count: number): ScoredCandidate[] {
  const byScore = scored.toSorted((one, other) =>
    Number(one.isDisliked) - Number(other.isDisliked) || other.score - one.score ||
    (one.candidate.id < other.candidate.id ? -1 : 1)
  );
  if (diversity === 0) return byScore;
  const ordered: ScoredCandidate[] = [];
  while (ordered.length < count && byScore.length > 0) {
    const recent = ordered.slice(-window);
    let best = 0;
    let bestScore = -Infinity;
    for (const [place, hit] of byScore.entries()) {
      // Sorted: what follows cannot catch up any more, and what is not wanted waits for all the others.
      if (hit.score <= bestScore || hit.isDisliked !== byScore[0]!.isDisliked) break;
      const vendorHits = recent.filter(({ candidate }) => candidate.vendorId === hit.candidate.vendorId).length;
      const score = hit.score - diversity * vendorHits;
      if (score > bestScore) [best, bestScore] = [place, score];
    }
    ordered.push(...byScore.splice(best, 1));
  }
  return [...ordered, ...byScore];
}
