import type { TasteProfile } from "./tasteProfile.ts";

/** A trait and its part in a score. */
export interface TasteReason {
  readonly trait: string;
  /** Between 0 and 1: its part of all that pulled the way the score went. */
  readonly share: number;
}

/** How much a shopper will like a product, and what says so. */
export interface ProductTaste {
  /** Between -1 and 1; 0 where nothing is known. */
  readonly score: number;
  /** What contributed most, strongest first. */
  readonly reasons: readonly TasteReason[];
}

/** Doubt, in units of a trait's weight: a product that little is known of stays near 0. */
const doubt = 0.25;
/** From the first on a disliked attribute begins to outvote what is liked about a product; from the second on it decides. */
const vetoFrom = -0.3;
const vetoAt = -0.5;
const mostReasons = 3;

const indifferent: ProductTaste = { score: 0, reasons: [] };

/**
 * How much the shopper of `profile` will like a product of these traits: the mean of what is known of them, weighted by how much
 * a trait says and how sure it is, drawn towards 0 by doubt. An attribute that is clearly disliked is not averaged away.
 *
 * @example
 * ```ts
 * const { score, reasons } = tasteOf(profile, ["category:milk", "attribute:vegan"], [0.6, 1]);
 * ```
 */
export function tasteOf(profile: TasteProfile, traits: readonly string[], weights: readonly number[]): ProductTaste {
  if (profile.size === 0) return indifferent;
  const pulls: { readonly trait: string; readonly pull: number }[] = [];
  let sum = 0;
  let mass = 0;
  let veto = 0;
  let strength = 0;
  for (let place = 0; place < traits.length; place++) {
    const trait = traits[place]!;
    const taste = profile.get(trait);
    if (taste === undefined) continue;
    // A session says little for long, but what it says it is sure of.
    const sureness = (weights[place] ?? 0) * Math.max(taste.confidence, Math.abs(taste.score));
    const pull = sureness * taste.score;
    if (pull !== 0) pulls.push({ trait, pull });
    sum += pull;
    mass += sureness;
    if (taste.score < vetoFrom && trait.startsWith("attribute:")) {
      veto = Math.min(veto, taste.score * Math.min(1, weights[place] ?? 0));
      strength = Math.max(strength, Math.min(1, (taste.score - vetoFrom) / (vetoAt - vetoFrom)));
    }
  }
  if (pulls.length === 0) return indifferent;
  const mean = sum / (mass + doubt);
  const score = Math.max(-1, Math.min(1, (1 - strength) * mean + strength * Math.min(mean, veto)));
  return { score, reasons: strongest(pulls, score) };
}

function strongest(pulls: readonly { trait: string; pull: number }[], score: number): TasteReason[] {
  const agreeing = pulls.filter(({ pull }) => pull * score > 0);
  const whole = agreeing.reduce((total, { pull }) => total + Math.abs(pull), 0);
  return agreeing
    .sort((one, other) => Math.abs(other.pull) - Math.abs(one.pull) || (one.trait < other.trait ? -1 : 1))
    .slice(0, mostReasons)
    .map(({ trait, pull }) => ({ trait, share: Math.abs(pull) / whole }));
}
