/** The columns of a product that a vendor may set. */
export const importColumns = [
  ...["sku", "name", "description", "brand", "category", "attributes", "price", "currency", "unit", "unit_size"],
  ...["season_months", "stock", "freshness_days", "status", "expires_at"],
] as const;

/** A column of a product that a vendor may set. */
export type ImportColumn = typeof importColumns[number];

/** What is never taken from a file: who owns a row is the caller's membership, and ids are ours. */
export const refusedNames: readonly string[] = [
  "id",
  "vendor_id",
  "vendor",
  "created_at",
  "updated_at",
  "rating",
  "rating_count",
];

const known: Readonly<Record<ImportColumn, readonly string[]>> = {
  sku: ["sku", "article number", "article no", "item number", "product code", "code", "artikelnummer", "reference"],
  name: ["name", "product name", "product", "title", "item", "bezeichnung", "produktname", "nom", "nombre"],
  description: ["description", "details", "text", "beschreibung", "descripcion"],
  brand: ["brand", "manufacturer", "make", "marke", "hersteller", "marque"],
  category: ["category", "category slug", "department", "group", "kategorie", "categorie", "categoria"],
  attributes: ["attributes", "tags", "labels", "properties", "eigenschaften"],
  price: ["price", "unit price", "retail price", "preis", "prix", "precio", "price eur"],
  currency: ["currency", "waehrung", "devise"],
  unit: ["unit", "sold by", "einheit"],
  unit_size: ["unit size", "size", "content", "amount per unit", "menge"],
  season_months: ["season months", "months", "season", "saison"],
  stock: ["stock", "in stock", "quantity", "available", "inventory", "bestand", "lagerbestand", "on hand"],
  freshness_days: ["freshness days", "shelf life days", "days fresh", "haltbarkeit"],
  status: ["status", "state", "visibility"],
  expires_at: ["expires at", "best before", "expiry", "expiry date", "mhd"],
};

const columnOf = new Map(
  Object.entries(known).flatMap(([column, names]) => names.map((name) => [name, column as ImportColumn] as const)),
);

/** `Product-Name`, `productName`, `PRODUCT NAME` are one name. */
export function plainName(header: string): string {
  return header.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase().normalize("NFKD").replace(/[^a-z0-9]+/g, " ").trim();
}

/** What is made of a file's head. */
export interface HeaderReading {
  /** By header: the column it stands for. */
  readonly mapped: ReadonlyMap<string, ImportColumn>;
  /** Headers that stand for nothing known here: healing decides about them, and loses nothing. */
  readonly unknown: readonly string[];
  /** Headers that a file may not have, and those that mean the same as another one. */
  readonly refused: readonly { readonly header: string; readonly reason: string }[];
}

/** Reads a file's head. */
export function readHeaders(headers: readonly string[]): HeaderReading {
  const mapped = new Map<string, ImportColumn>();
  const unknown: string[] = [];
  const refused: { header: string; reason: string }[] = [];
  for (const header of headers) {
    const name = plainName(header);
    const column = columnOf.get(name);
    if (header.trim() === "") refused.push({ header, reason: "A column has no name" });
    else if (refusedNames.includes(name.replaceAll(" ", "_"))) {
      refused.push({ header, reason: "A file cannot say whose products these are, nor what we keep of them" });
    } else if (column === undefined) unknown.push(header);
    else if ([...mapped.values()].includes(column)) {
      refused.push({ header, reason: `Two columns stand for '${column}'` });
    } else mapped.set(header, column);
  }
  return { mapped, unknown, refused };
}
