import type { ProductCard } from "../commerce/ports.ts";
import { momentReason } from "../personalization/ports.ts";
import type { ScoredCandidate } from "./rank/scoreCandidates.ts";

/** From here on taste has moved a hit up. */
const telling = 0.6;

/** Why a shopper sees a hit so high, as one sentence; `null` where neither their taste nor the moment moved it. */
export function hitReason(
  { personal, moment, reasons }: Pick<ScoredCandidate, "personal" | "moment" | "reasons">,
  card: Pick<ProductCard, "brand" | "vendorName">,
): string | null {
  if (personal < telling) return null;
  const timely = momentReason(moment);
  if (timely !== undefined) return timely;
  for (const { trait } of reasons) {
    const words = wordsOf(trait, card);
    if (words !== undefined) return `Because you chose ${words}`;
  }
  return null;
}

function wordsOf(trait: string, { brand, vendorName }: Pick<ProductCard, "brand" | "vendorName">): string | undefined {
  const at = trait.indexOf(":");
  const slug = trait.slice(at + 1);
  switch (trait.slice(0, at)) {
    case "attribute":
      return slug;
    case "category":
      return slug.replaceAll("-", " ");
    case "brand":
      return brand ?? slug.replaceAll("-", " ");
    case "vendor":
      return `products of ${vendorName}`;
    case "price":
      return { low: "low prices", mid: "middling prices", high: "fine things" }[slug];
    default:
      return undefined;
  }
}
