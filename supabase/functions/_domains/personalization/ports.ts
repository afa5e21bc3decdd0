/** What other domains may use of personalization. */
export { type ProductTaste, tasteOf, type TasteReason } from "./taste/tasteOf.ts";
export { type TasteProfile, type TasteRow, toTasteProfile, type TraitTaste } from "./taste/tasteProfile.ts";
