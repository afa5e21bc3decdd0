import { momentReason } from "../../personalization/ports.ts";
import type { Habit } from "../gather/candidate.ts";
import type { Scored } from "../mix/scored.ts";
import type { RecommendationKind } from "../recommendationRequest.ts";
import { type NamesOfTraits, traitWords } from "./traitWords.ts";

/** What a reason is made of. */
export interface ReasonContext {
  readonly kind: RecommendationKind;
  readonly names: ReadonlyMap<string, string>;
  readonly card: NamesOfTraits;
  /** How much is offered, where something is. */
  readonly quantity: number | undefined;
}

/** From here on taste is worth naming. */
const telling = 0.1;

/** Why a product is shown, as one sentence for the shopper. It says only what is known. */
export function reasonOf({ candidate, lead, taste, moment }: Scored, context: ReasonContext): string {
  const { kind, names, quantity } = context;
  const liked = taste.score >= telling ? likedWords(taste.reasons, context.card) : undefined;
  const timely = momentReason(moment);
  const leader = lead.because === undefined ? undefined : names.get(lead.because);
  switch (lead.source) {
    case "habit":
      return habitReason(candidate.habit, kind, quantity);
    case "bought-together":
      return leader === undefined ? "Often bought together" : `Often bought with ${leader}`;
    case "similar":
      return leader === undefined ? "Similar to what you are looking at" : `Similar to ${leader}`;
    case "model":
      if (kind === "similar") return leader === undefined ? "Wanted by the same people" : `Similar to ${leader}`;
      if (kind === "bought-together") return leader === undefined ? "Goes well with it" : `Goes well with ${leader}`;
      if (leader !== undefined) return `Because of your interest in ${leader}`;
      break;
    case "discovery":
      return liked === undefined ? "Something new to try" : `Something new, as you like ${liked}`;
    case "trending":
      return "More and more people want this";
    case "peers":
      if (timely !== undefined) break;
      return liked === undefined ? "Liked by people who shop like you" : `Because you like ${liked}`;
    case "season":
      return liked === undefined ? "In season now" : `In season now, and you like ${liked}`;
  }
  if (timely !== undefined) return timely;
  if (liked !== undefined) return `Because you like ${liked}`;
  const trait = lead.source === "taste" && lead.because !== undefined
    ? traitWords(lead.because, context.card)
    : undefined;
  return trait === undefined ? "Popular right now" : `Because you like ${trait}`;
}

function likedWords(reasons: Scored["taste"]["reasons"], card: NamesOfTraits): string | undefined {
  const best = reasons.find(({ trait, share }) => share > 0 && traitWords(trait, card) !== undefined);
  return best === undefined ? undefined : traitWords(best.trait, card);
}

function habitReason(habit: Habit | undefined, kind: RecommendationKind, quantity: number | undefined): string {
  if (kind === "quantity" && quantity !== undefined) return `You usually take ${quantity}`;
  if (habit?.intervalDays === undefined || habit.intervalDays < 0.5) return "You have bought this before";
  const days = Math.max(1, Math.round(habit.intervalDays));
  return days === 1 ? "You buy this about every day" : `You buy this about every ${days} days`;
}
