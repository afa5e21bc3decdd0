import type { TraitVector } from "../gather/candidate.ts";

/** From here on an attribute is not wanted. */
const dislike = -0.35;

/** Does the product have an attribute that the shopper does not want? */
export function isDisliked({ traits }: TraitVector, scores: ReadonlyMap<string, { readonly score: number }>): boolean {
  return traits.some((trait) => trait.startsWith("attribute:") && (scores.get(trait)?.score ?? 0) <= dislike);
}
