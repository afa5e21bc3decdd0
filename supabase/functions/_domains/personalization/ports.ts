/** What other domains may use of personalization. */
export { momentsOf } from "./moment/momentsOf.ts";
export {
  momentReason,
  type MomentRow,
  type MomentTaste,
  type MomentTastes,
  toMomentTastes,
} from "./moment/momentTaste.ts";
export { type ProductTaste, tasteOf, type TasteReason } from "./taste/tasteOf.ts";
export { type TasteProfile, type TasteRow, toTasteProfile, type TraitTaste } from "./taste/tasteProfile.ts";
export { type MomentContext, momentFields } from "./track/eventContext.ts";
