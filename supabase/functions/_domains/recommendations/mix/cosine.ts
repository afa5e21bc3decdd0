import type { TraitVector } from "../gather/candidate.ts";

/** Traits that two products share by chance: the price band and the seller say little of what a product is. */
const incidental = /^(price|vendor):/;

/** How alike two products are by what they are, 0 to 1. */
export function cosine(one: TraitVector, other: TraitVector): number {
  const weights = new Map(one.traits.map((trait, at) => [trait, one.weights[at] ?? 0]));
  let dot = 0;
  for (const [at, trait] of other.traits.entries()) {
    if (!incidental.test(trait)) dot += (weights.get(trait) ?? 0) * (other.weights[at] ?? 0);
  }
  const length = lengthOf(one) * lengthOf(other);
  return length === 0 ? 0 : Math.max(0, Math.min(1, dot / length));
}

function lengthOf({ traits, weights }: TraitVector): number {
  let sum = 0;
  for (const [at, trait] of traits.entries()) if (!incidental.test(trait)) sum += (weights[at] ?? 0) ** 2;
  return Math.sqrt(sum);
}
