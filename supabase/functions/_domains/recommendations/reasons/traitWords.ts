/** What a card tells of traits that only have an id or a slug. */
export interface NamesOfTraits {
  readonly brand: string | null;
  readonly vendorName: string;
  /** Its category's slug. */
  readonly category: string;
}

/** A trait in a shopper's words, as what stands after "you like". `undefined` where there are none. */
export function traitWords(trait: string, { brand, vendorName, category }: NamesOfTraits): string | undefined {
  const at = trait.indexOf(":");
  const [kind, slug] = [trait.slice(0, at), trait.slice(at + 1)];
  switch (kind) {
    case "category":
      // Categories above its own are true of too much to be a reason.
      return slug === category ? slug.replaceAll("-", " ") : undefined;
    case "attribute":
      return slug;
    case "brand":
      return brand ?? slug.replaceAll("-", " ");
    case "vendor":
      return vendorName;
    case "price":
      return { low: "low prices", high: "the finer things" }[slug];
    default:
      return undefined;
  }
}
