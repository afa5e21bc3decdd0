import type { RecommendationKind } from "../recommendationRequest.ts";
import type { Scored } from "./scored.ts";
import { sourceWeight } from "./sourceWeights.ts";

/** How a row is picked. */
export interface PickOptions {
  readonly kind: RecommendationKind;
  readonly limit: number;
}

/** What each further product of a category or a vendor loses, and each beyond its source's share. */
const losses: Record<"wide" | "narrow", { category: number; vendor: number; source: number }> = {
  wide: { category: 0.02, vendor: 0.01, source: 0.05 },
  narrow: { category: 0, vendor: 0.02, source: 0 },
};

/**
 * Picks a row, best first, in which no category, vendor or source crowds out the others. A score in it is what was left of
 * it when it was picked: it never grows along the row. Equals go by id.
 */
export function pickDiverse(scored: readonly Scored[], { kind, limit }: PickOptions): Scored[] {
  const loss = kind === "similar" || kind === "reorder" || kind === "quantity" ? losses.narrow : losses.wide;
  const left = [...scored].sort((a, b) => a.candidate.id < b.candidate.id ? -1 : 1);
  const [categories, vendors, sources] = [
    new Map<string, number>(),
    new Map<string, number>(),
    new Map<string, number>(),
  ];
  const picked: Scored[] = [];
  const worth = ({ candidate, lead, score }: Scored) => {
    const room = Math.ceil(sourceWeight(kind, lead.source).share * limit);
    return score - loss.category * (categories.get(candidate.categoryId) ?? 0) -
      loss.vendor * (vendors.get(candidate.vendorId) ?? 0) -
      loss.source * Math.max(0, (sources.get(lead.source) ?? 0) + 1 - room);
  };
  while (picked.length < limit && left.length > 0) {
    let [best, bestWorth] = [0, -Infinity];
    for (const [at, scored] of left.entries()) {
      const its = worth(scored);
      if (its > bestWorth) [best, bestWorth] = [at, its];
    }
    const [next] = left.splice(best, 1);
    const { candidate, lead } = next!;
    picked.push({ ...next!, score: Math.max(0, bestWorth) });
    count(categories, candidate.categoryId);
    count(vendors, candidate.vendorId);
    count(sources, lead.source);
  }
  return picked;
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
